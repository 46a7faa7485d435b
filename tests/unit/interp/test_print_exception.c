/* SPDX-License-Identifier: BSD-2-Clause */
/* Tracebacks as text, caught by a file-like object in sys.stderr. */
#include "program.h"

static void assert_printed(const char *body, const char *expected)
{
	PyObject *globals = program_run("import sys\n"
					"class Sink:\n"
					"    text = ''\n"
					"    def write(self, s): Sink.text += s\n"
					"    def flush(self): pass\n");
	PyObject *sink = PyObject_CallNoArgs(PyDict_GetItemString(globals, "Sink"));
	PyObject *saved = Py_NewRef(PySys_GetObject("stderr"));
	PyObject *filename = PyUnicode_FromString("<test>");
	PyObject *source = PyUnicode_FromString(body);

	assert_int_equal(_PySource_Remember(filename, source), 0);
	assert_null(program_try(body));
	PyObject *exc = PyErr_GetRaisedException();

	PySys_SetObject("stderr", sink);
	PyErr_DisplayException(exc);
	PySys_SetObject("stderr", saved);
	PyObject *text = PyObject_GetAttrString(sink, "text");

	assert_string_equal(PyUnicode_AsUTF8(text), expected);
	Py_DECREF(text);
	Py_DECREF(exc);
	Py_DECREF(source);
	Py_DECREF(filename);
	Py_DECREF(saved);
	Py_DECREF(sink);
	Py_DECREF(globals);
}

static void test_carets(void **state)
{
	assert_printed("def f(x):\n    return x['a']['b'] + 1\nf({'a': 5})",
		       "Traceback (most recent call last):\n"
		       "  File \"<test>\", line 3, in <module>\n"
		       "    f({'a': 5})\n"
		       "  File \"<test>\", line 2, in f\n"
		       "    return x['a']['b'] + 1\n"
		       "           ~~~~~~^^^^^\n"
		       "TypeError: 'int' object is not subscriptable\n");
	assert_printed("x = (1 +\n  'a')",
		       "Traceback (most recent call last):\n"
		       "  File \"<test>\", line 1, in <module>\n"
		       "    x = (1 +\n"
		       "         ^^^\n"
		       "TypeError: unsupported operand type(s) for +: 'int' and 'str'\n");
}

static void test_chain(void **state)
{
	assert_printed("try:\n"
		       "    raise KeyError(1)\n"
		       "except KeyError as e:\n"
		       "    raise ValueError('v') from e",
		       "Traceback (most recent call last):\n"
		       "  File \"<test>\", line 2, in <module>\n"
		       "    raise KeyError(1)\n"
		       "KeyError: 1\n"
		       "\n"
		       "The above exception was the direct cause of the following exception:\n"
		       "\n"
		       "Traceback (most recent call last):\n"
		       "  File \"<test>\", line 4, in <module>\n"
		       "    raise ValueError('v') from e\n"
		       "ValueError: v\n");
}

static void test_repeats_are_folded(void **state)
{
	assert_printed("def f(n):\n    if n: f(n - 1)\n    else: raise OSError\nf(9)",
		       "Traceback (most recent call last):\n"
		       "  File \"<test>\", line 4, in <module>\n"
		       "    f(9)\n"
		       "  File \"<test>\", line 2, in f\n"
		       "    if n: f(n - 1)\n"
		       "          ^^^^^^^^\n"
		       "  File \"<test>\", line 2, in f\n"
		       "    if n: f(n - 1)\n"
		       "          ^^^^^^^^\n"
		       "  File \"<test>\", line 2, in f\n"
		       "    if n: f(n - 1)\n"
		       "          ^^^^^^^^\n"
		       "  [Previous line repeated 6 more times]\n"
		       "  File \"<test>\", line 3, in f\n"
		       "    else: raise OSError\n"
		       "          ^^^^^^^^^^^^^\n"
		       "OSError\n");
}

static void test_syntax_error(void **state)
{
	assert_printed("x = (1,\ny = 2", "  File \"<test>\", line 1\n"
					 "    x = (1,\n"
					 "        ^\n"
					 "SyntaxError: '(' was never closed\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_carets),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_repeats_are_folded),
		cmocka_unit_test(test_syntax_error),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
