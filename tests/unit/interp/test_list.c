/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static void borrowed_and_stolen(void **state)
{
	PyObject *list = PyList_New(0), *big = PyLong_FromLong(123456);

	assert_int_equal(PyList_Append(list, big), 0);
	assert_int_equal(Py_REFCNT(big), 2);
	assert_int_equal(PyList_SetItem(list, 5, big), -1); /* steals it all the same */
	assert_raised(PyExc_IndexError, "list assignment index out of range");
	big = PyList_GetItem(list, 0);
	assert_int_equal(Py_REFCNT(big), 1);
	assert_int_equal(PyList_Insert(list, -10, Py_None), 0);
	assert_null(PyList_GetItem(list, 2));
	assert_raised(PyExc_IndexError, "list index out of range");
	assert_int_equal(PyList_SetSlice(list, 0, 2, list), 0);
	assert_repr(list, "[None, 123456]");
}

static void sorting_keeps_the_order_of_equals(void **state)
{
	for (Py_ssize_t n = 0; n < 700; n += 1 + n / 3) {
		PyObject *list = PyList_New(n), *last = NULL;
		uint64_t seed = (uint64_t)n;

		for (Py_ssize_t i = 0; i < n; i++) {
			PyObject *a, *b;

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			a = PyLong_FromLong((long)(seed >> 33) % 50);
			b = PyLong_FromSsize_t(i);
			PyList_SET_ITEM(list, i, PyTuple_Pack(2, a, b));
			Py_DECREF(a);
			Py_DECREF(b);
		}
		assert_int_equal(PyList_Sort(list), 0);
		for (Py_ssize_t i = 0; i < n; i++) {
			if (last)
				assert_int_equal(PyObject_RichCompareBool(
							 last, PyList_GET_ITEM(list, i), Py_LT),
						 1);
			last = PyList_GET_ITEM(list, i);
		}
		Py_DECREF(list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borrowed_and_stolen),
		cmocka_unit_test(sorting_keeps_the_order_of_equals),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
