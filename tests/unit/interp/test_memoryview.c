/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

static void test_slices_share_the_bytes(void **state)
{
	assert_result("b = bytearray(b'abcdef')\nv = memoryview(b)[1:5:2]\nv[0] = 90\n"
		      "result = b, v.tolist(), v.tobytes(), v.strides",
		      "(bytearray(b'aZcdef'), [90, 100], b'Zd', (2,))");
}

static void test_exporter_keeps_its_size(void **state)
{
	assert_program_raises("b = bytearray(3)\nv = memoryview(b)\nb.append(1)", PyExc_BufferError,
			      "Existing exports of data: object cannot be re-sized");
	assert_result("b = bytearray(1)\nwith memoryview(b): pass\nb.append(7)\nresult = b",
		      "bytearray(b'\\x00\\x07')");
}

static void test_released_is_unusable(void **state)
{
	assert_program_raises("v = memoryview(b'x')\nv.release()\nv[0]", PyExc_ValueError,
			      "operation forbidden on released memoryview object");
}

static void test_read_only_and_bounds(void **state)
{
	assert_program_raises("memoryview(b'x')[0] = 1", PyExc_TypeError,
			      "cannot modify read-only memory");
	assert_program_raises("memoryview(b'x')[1]", PyExc_IndexError,
			      "index out of bounds on dimension 1");
	assert_program_raises("memoryview(3)", PyExc_TypeError,
			      "memoryview: a bytes-like object is required, not 'int'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slices_share_the_bytes),
		cmocka_unit_test(test_exporter_keeps_its_size),
		cmocka_unit_test(test_released_is_unusable),
		cmocka_unit_test(test_read_only_and_bounds),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
