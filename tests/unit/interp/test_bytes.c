/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/bytes.h"
#include "objects/bytearray.h"

static void resizing_keeps_shared_ones(void **state)
{
	PyObject *a = PyBytes_FromString("x"), *b = PyBytes_FromString("x");

	assert_ptr_equal(a, b);
	assert_int_equal(_PyBytes_Resize(&a, 3), 0);
	memcpy(PyBytes_AS_STRING(a) + 1, "yz", 2);
	assert_repr(a, "b'xyz'");
	assert_repr(b, "b'x'");
}

static void an_array_taken_from_the_front(void **state)
{
	PyObject *b = PyByteArray_FromStringAndSize("abcdef", 6), *r;

	for (int i = 0; i < 5; i++) {
		r = PySequence_GetItem(b, 0);
		assert_int_equal(PyLong_AsLong(r), 'a' + i);
		Py_DECREF(r);
		assert_int_equal(PySequence_DelItem(b, 0), 0);
	}
	assert_int_equal(PyByteArray_Resize(b, 1000), 0);
	assert_int_equal(PyByteArray_AS_STRING(b)[0], 'f');
	assert_int_equal(PyByteArray_AS_STRING(b)[1000], 0);
	Py_DECREF(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resizing_keeps_shared_ones),
		cmocka_unit_test(an_array_taken_from_the_front),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
