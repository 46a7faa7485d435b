/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/bytes.h"
#include "objects/code.h"

static PyCodeObject *make(const void *lines, size_t nlines, const void *handlers, size_t nhandlers,
			  int nunits)
{
	struct PyCodeSpec s = {.firstlineno = 10};
	PyCodeObject *c;

	s.consts = s.names = s.localsplusnames = PyTuple_New(0);
	s.localspluskinds = PyBytes_FromStringAndSize("", 0);
	s.filename = s.name = s.qualname = _Py_ID(__main__);
	s.code = PyBytes_FromStringAndSize("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 2 * nunits);
	s.linetable = PyBytes_FromStringAndSize(lines, (Py_ssize_t)nlines);
	s.exceptiontable = PyBytes_FromStringAndSize(handlers, (Py_ssize_t)nhandlers);
	c = PyCode_New(&s);
	assert_non_null(c);
	Py_DECREF(s.consts);
	Py_DECREF(s.localspluskinds);
	Py_DECREF(s.code);
	Py_DECREF(s.linetable);
	Py_DECREF(s.exceptiontable);
	return c;
}

static void assert_location(PyCodeObject *c, int unit, int line, int end, int col, int end_col)
{
	int l, e, a, b;

	PyCode_Addr2Location(c, unit, &l, &e, &a, &b);
	assert_int_equal(l, line);
	assert_int_equal(e, end);
	assert_int_equal(a, col);
	assert_int_equal(b, end_col);
}

/* One entry of each form of the format. */
static void every_form_is_read(void **state)
{
	static const unsigned char table[] = {
		0x80 | 2 << 3 | 0,
		0x35, /* short: column 2 << 3 | 3, width 5 */
		0x80 | 11 << 3 | 1,
		4,
		9, /* next line, two units */
		0x80 | 13 << 3 | 0,
		3, /* no columns, one line back */
		0x80 | 14 << 3 | 0,
		4,
		1,
		0x42,
		1,
		9,                  /* long: +2, 1 line more, column 65, to 8 */
		0x80 | 15 << 3 | 0, /* none */
	};
	PyCodeObject *c = make(table, sizeof(table), "", 0, 7);

	assert_location(c, -1, 10, 10, -1, -1);
	assert_location(c, 0, 10, 10, 19, 24);
	assert_location(c, 1, 11, 11, 4, 9);
	assert_location(c, 2, 11, 11, 4, 9);
	assert_location(c, 3, 10, 10, -1, -1);
	assert_location(c, 4, 12, 13, 65, 8);
	assert_location(c, 5, -1, -1, -1, -1);
	assert_location(c, 6, -1, -1, -1, -1);
	assert_int_equal(PyCode_Addr2Line(c, 2), 11);
	Py_DECREF(c);
}

/* A table that ends in the middle of an entry is read as zeros, never past its end. */
static void cut_tables_are_safe(void **state)
{
	static const unsigned char table[] = {0x80 | 14 << 3 | 7, 0xff, 0xff};

	for (size_t n = 0; n <= sizeof(table); n++) {
		PyCodeObject *c = make(table, n, "", 0, 4);

		for (int i = -1; i < 6; i++)
			PyCode_Addr2Line(c, i);
		Py_DECREF(c);
	}
}

static void handlers_are_found(void **state)
{
	static const struct PyExceptionEntry table[] = {{1, 3, 5, 0}, {3, 4, 6, 3}, {6, 7, 7, 2}};
	PyCodeObject *c = make("", 0, table, sizeof(table), 8);
	static const int targets[] = {-1, 5, 5, 6, -1, -1, 7, -1};

	for (int i = 0; i < 8; i++) {
		const struct PyExceptionEntry *e = PyCode_FindHandler(c, i);

		assert_int_equal(e ? (int)e->target : -1, targets[i]);
	}
	Py_DECREF(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(cut_tables_are_safe),
		cmocka_unit_test(handlers_are_found),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
