/* SPDX-License-Identifier: BSD-2-Clause */
/* Code as bytes and back, whole, cut off and changed. */
#include "world.h"

#include "compiler/compiler.h"
#include "compiler/marshal.h"

static const char text[] =
	"x = 1, 2.5, 3j, b'b', 'a\\u20ac', '\\U0001f600', None, ..., True, -2**70\n"
	"y = a in {1, 2}\n"
	"def f(p, *q):\n"
	"    def g(): return p, 2**200\n"
	"    return [g for g in q]\n";
static PyObject *filename;
static PyCodeObject *code;
static struct marshal_bytes bytes;

static int setup(void **state)
{
	if (world_setup(state) < 0)
		return -1;
	filename = PyUnicode_FromString("file.py");
	code = PyCompile_Source(text, (Py_ssize_t)strlen(text), filename, PY_MODE_EXEC, 0);
	return code && marshal_write(&bytes, code) ? 0 : -1;
}

static int teardown(void **state)
{
	PyMem_Free(bytes.data);
	Py_DECREF(code);
	Py_DECREF(filename);
	return 0;
}

static void what_is_read_equals_what_was_written(void **state)
{
	PyObject *name = PyUnicode_FromString("other.py");
	PyCodeObject *again = marshal_read(bytes.data, bytes.n, name);

	assert_non_null(again);
	assert_int_equal(PyObject_RichCompareBool((PyObject *)code, (PyObject *)again, Py_EQ), 1);
	assert_ptr_equal(again->co_filename, name);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(again->co_names); i++)
		assert_true(PyUnicode_CHECK_INTERNED(PyTuple_GET_ITEM(again->co_names, i)));
	Py_DECREF(again);
	Py_DECREF(name);
}

static void every_cut_is_refused(void **state)
{
	for (size_t n = 0; n < bytes.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);

		memcpy(copy, bytes.data, n);
		assert_null(marshal_read(copy, n, filename));
		assert_null(PyErr_Occurred());
		free(copy);
	}
}

/* Read or not, nothing bad happens; what is read can be looked at. */
static void every_changed_byte_is_survived(void **state)
{
	uint8_t *copy = malloc(bytes.n + 1);

	for (size_t i = 0; i < bytes.n; i++) {
		for (int change = 1; change < 256; change += 50) {
			PyCodeObject *again;

			memcpy(copy, bytes.data, bytes.n);
			copy[i] = (uint8_t)(copy[i] + change);
			again = marshal_read(copy, bytes.n, filename);
			if (again)
				PyCode_Addr2Line(again, (int)again->co_nunits - 1);
			Py_XDECREF(again);
			assert_null(PyErr_Occurred());
		}
	}
	memcpy(copy, bytes.data, bytes.n);
	copy[bytes.n] = 'N';
	assert_null(marshal_read(copy, bytes.n + 1, filename));
	free(copy);
}

static void depth_and_counts_are_bounded(void **state)
{
	static const uint8_t huge[] = {'(', 0xff, 0xff, 0xff, 0xff, 'N'};
	static const uint8_t nothing_seen[] = {'r', 0, 0, 0, 0};
	static const uint8_t no_character[] = {'s', 4, 2, 0, 0, 0, 0, 0, 0, 0x7f, 1, 0, 0, 0};
	size_t n = 5 * 100000;
	uint8_t *deep = malloc(n);

	for (size_t i = 0; i < n; i += 5)
		memcpy(deep + i, "(\1\0\0\0", 5);
	assert_null(marshal_read(deep, n, filename));
	free(deep);
	assert_null(marshal_read(huge, sizeof(huge), filename));
	assert_null(marshal_read(nothing_seen, sizeof(nothing_seen), filename));
	assert_null(marshal_read(no_character, sizeof(no_character), filename));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_equals_what_was_written),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(every_changed_byte_is_survived),
		cmocka_unit_test(depth_and_counts_are_bounded),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
