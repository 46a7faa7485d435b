/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/slice.h"

/* How many items start, start + step ... are, one by one. */
static void lengths_are_counted(void **state)
{
	for (Py_ssize_t n = 0; n < 6; n++)
		for (Py_ssize_t start = -8; start < 9; start++)
			for (Py_ssize_t stop = -8; stop < 9; stop++)
				for (Py_ssize_t step = -3; step < 4; step++) {
					Py_ssize_t a = start, b = stop, count = 0, got;

					if (step == 0)
						continue;
					got = PySlice_AdjustIndices(n, &a, &b, step);
					for (Py_ssize_t i = a; step > 0 ? i < b : i > b;
					     i += step) {
						assert_in_range(i, 0, n - 1);
						count++;
					}
					assert_int_equal(got, count);
				}
}

static void extremes_are_clipped(void **state)
{
	PyObject *huge = PyLong_FromString("-1"
					   "000000000000000000000000000000",
					   NULL, 10);
	PyObject *s = PySlice_New(huge, NULL, huge), *zero = PyLong_FromLong(0);
	Py_ssize_t start, stop, step;

	assert_int_equal(PySlice_Unpack(s, &start, &stop, &step), 0);
	assert_int_equal(start, PTRDIFF_MIN);
	assert_int_equal(step, -PTRDIFF_MAX);
	assert_int_equal(PySlice_AdjustIndices(5, &start, &stop, step), 0);
	Py_DECREF(s);
	s = PySlice_New(NULL, NULL, zero);
	assert_int_equal(PySlice_Unpack(s, &start, &stop, &step), -1);
	assert_raised(PyExc_ValueError, "slice step cannot be zero");
	Py_DECREF(s);
	Py_DECREF(huge);
	Py_DECREF(zero);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_counted),
		cmocka_unit_test(extremes_are_clipped),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
