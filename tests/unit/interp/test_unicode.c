/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static void kinds_are_the_smallest(void **state)
{
	static const struct {
		const char *utf8;
		int kind;
		bool ascii;
		Py_ssize_t length;
	} cases[] = {
		{"abc", 1, true, 3},
		{"h\xc3\xa9", 1, false, 2},
		{"\xe2\x82\xac", 2, false, 1},
		{"a\xf0\x9f\x98\x80", 4, false, 2},
		{"", 1, true, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		PyObject *o = PyUnicode_FromString(cases[i].utf8);

		assert_int_equal(PyUnicode_KIND(o), cases[i].kind);
		assert_int_equal(PyUnicode_IS_ASCII(o), cases[i].ascii);
		assert_int_equal(PyUnicode_GET_LENGTH(o), cases[i].length);
		assert_string_equal(PyUnicode_AsUTF8(o), cases[i].utf8);
		assert_int_equal((char *)PyUnicode_DATA(o) - (char *)o, cases[i].ascii ? 40 : 56);
		Py_DECREF(o);
	}
}

static void appending_changes_only_what_nobody_sees(void **state)
{
	PyObject *a = PyUnicode_FromString("some text"), *seen = Py_NewRef(a);
	PyObject *more = PyUnicode_FromString("\xe2\x82\xac");

	PyUnicode_Append(&a, seen);
	assert_string_equal(PyUnicode_AsUTF8(a), "some textsome text");
	assert_string_equal(PyUnicode_AsUTF8(seen), "some text");
	PyObject_Hash(a);
	PyUnicode_Append(&a, seen);
	assert_int_equal(PyUnicode_GET_LENGTH(a), 27);
	PyUnicode_Append(&a, more);
	PyUnicode_Append(&a, more);
	assert_int_equal(PyUnicode_KIND(a), 2);
	PyObject *same = PyUnicode_FromString(PyUnicode_AsUTF8(a));
	assert_int_equal(PyObject_Hash(a), PyObject_Hash(same));
	Py_DECREF(same);
	Py_DECREF(a);
	Py_DECREF(seen);
	Py_DECREF(more);
}

static void interned_strings_live_as_long_as_somebody_holds_them(void **state)
{
	PyObject *a = PyUnicode_InternFromString("a name of this test");
	PyObject *b = PyUnicode_InternFromString("a name of this test");

	assert_ptr_equal(a, b);
	assert_int_equal(Py_REFCNT(a), 2);
	Py_DECREF(a);
	Py_DECREF(b);
	a = PyUnicode_InternFromString("a name of this test");
	assert_int_equal(Py_REFCNT(a), 1);
	Py_DECREF(a);
}

static void formats_of_c(void **state)
{
	PyObject *list = PyList_New(0), *str = PyUnicode_FromString("\xc3\xa9t");

	assert_repr(PyUnicode_FromFormat("%d|%5d|%-5d|%05d|%x|%lu|%zd|%c|%%", -7, 42, 42, 42, 255,
					 7ul, (Py_ssize_t)-1, 0x20ac),
		    "'-7|   42|42   |00042|ff|7|-1|\xe2\x82\xac|%'");
	assert_repr(PyUnicode_FromFormat("%s|%.2s|%5s|%U|%R|%S|%A|%V", "abc", "abc", "ab", str,
					 list, str, str, NULL, "x"),
		    "\"abc|ab|   ab|\xc3\xa9t|[]|\xc3\xa9t|'\\\\xe9t'|x\"");
	Py_DECREF(list);
	Py_DECREF(str);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_the_smallest),
		cmocka_unit_test(appending_changes_only_what_nobody_sees),
		cmocka_unit_test(interned_strings_live_as_long_as_somebody_holds_them),
		cmocka_unit_test(formats_of_c),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
