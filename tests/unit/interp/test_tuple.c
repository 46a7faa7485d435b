/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static void empty_is_one_object(void **state)
{
	PyObject *a = PyTuple_New(0), *b = PyTuple_New(0);

	assert_ptr_equal(a, b);
	Py_DECREF(a);
	Py_DECREF(b);
}

static void hashes_mix_order_and_value(void **state)
{
	enum { SIDE = 70 };
	PyObject *seen = PyDict_New();

	for (long x = 0; x < SIDE; x++)
		for (long y = 0; y < SIDE; y++) {
			PyObject *a = PyLong_FromLong(x), *b = PyLong_FromLong(y);
			PyObject *t = PyTuple_Pack(2, a, b),
				 *h = PyLong_FromSsize_t(PyObject_Hash(t));

			assert_int_equal(PyDict_SetItem(seen, h, Py_None), 0);
			Py_DECREF(a);
			Py_DECREF(b);
			Py_DECREF(t);
			Py_DECREF(h);
		}
	assert_int_equal(PyDict_Size(seen), SIDE * SIDE);
	Py_DECREF(seen);
}

static void resized_keeps_its_items(void **state)
{
	PyObject *t = PyTuple_Pack(3, Py_None, Py_True, Py_False);

	assert_int_equal(_PyTuple_Resize(&t, 2), 0);
	assert_repr(Py_NewRef(t), "(None, True)");
	assert_int_equal(_PyTuple_Resize(&t, 4), 0);
	assert_null(PyTuple_GET_ITEM(t, 3));
	Py_DECREF(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_one_object),
		cmocka_unit_test(hashes_mix_order_and_value),
		cmocka_unit_test(resized_keeps_its_items),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
