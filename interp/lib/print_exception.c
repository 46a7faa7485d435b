/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions as people read them: chain, traceback with source lines and carets, message. */
#include "lib/lib.h"

#include "core/errors.h"
#include "lib/anchors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/traceback.h"

#define REPEATS_SHOWN 3

static int put(PyObject *file, const char *text)
{
	return PyFile_WriteString(text, file);
}

/* Writes an object's str and lets go of it; NULL is an error. */
static int put_new(PyObject *file, PyObject *o)
{
	int status = o ? PyFile_WriteObject(o, file, true) : -1;

	Py_XDECREF(o);
	return status;
}

static int put_repeated(PyObject *file, const char *text, Py_ssize_t n)
{
	int status = 0;

	while (status == 0 && n-- > 0)
		status = put(file, text);
	return status;
}

/* -- one traceback entry
 * --------------------------------------------------------------------------- */
/* Columns are characters of the line; the line is shown without its first `indent` characters. */
static int put_carets(PyObject *file, PyObject *line, Py_ssize_t indent, Py_ssize_t stripped_len,
		      const struct PyCarets *c)
{
	Py_ssize_t start = c->start < indent ? indent : c->start;

	if (c->end <= start || (c->end - start >= stripped_len && c->anchor_start < 0))
		return 0;
	if (put(file, "    ") < 0)
		return -1;
	for (Py_ssize_t i = indent; i < c->end; i++) {
		const char *mark = i < start             ? " "
				   : c->anchor_start < 0 ? "^"
				   : i < c->anchor_start ? "~"
				   : i < c->anchor_end   ? "^"
							 : "~";

		if (put(file, mark) < 0)
			return -1;
	}
	return put(file, "\n");
}

static Py_ssize_t leading_blanks(PyObject *line)
{
	Py_ssize_t i = 0;
	Py_ssize_t n = PyUnicode_GET_LENGTH(line);

	while (i < n &&
	       (PyUnicode_READ_CHAR(line, i) == ' ' || PyUnicode_READ_CHAR(line, i) == '\t' ||
		PyUnicode_READ_CHAR(line, i) == '\f'))
		i++;
	return i;
}

static Py_ssize_t length_without_trailing_blanks(PyObject *line)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(line);

	while (n > 0 && _PyUnicode_IsWhitespace(PyUnicode_READ_CHAR(line, n - 1)))
		n--;
	return n;
}

/* The source line below "File ...", and the carets below that. */
static int put_source(PyObject *file, PyTracebackObject *tb)
{
	PyCodeObject *co = tb->tb_frame->f_code;
	PyObject *line = _PySource_Line(co->co_filename, tb->tb_lineno);

	if (!line)
		return PyErr_Occurred() ? -1 : 0;
	Py_ssize_t indent = leading_blanks(line);
	Py_ssize_t end = length_without_trailing_blanks(line);
	int status = 0;

	if (end > indent) {
		struct PyCarets carets;

		status = put(file, "    ");
		if (status == 0)
			status = put_new(file, PyUnicode_Substring(line, indent, end));
		if (status == 0)
			status = put(file, "\n");
		if (status == 0 && _PyCarets_Find(co, tb->tb_lasti, tb->tb_lineno, line, &carets))
			status = put_carets(file, line, indent, end - indent, &carets);
	}
	Py_DECREF(line);
	return status;
}

static int put_entry(PyObject *file, PyTracebackObject *tb)
{
	PyCodeObject *co = tb->tb_frame->f_code;

	if (put_new(file, PyUnicode_FromFormat("  File \"%U\", line %d, in %U\n", co->co_filename,
					       tb->tb_lineno, co->co_name)) < 0)
		return -1;
	return put_source(file, tb);
}

static bool same_place(const PyTracebackObject *a, const PyTracebackObject *b)
{
	return a && a->tb_frame->f_code == b->tb_frame->f_code && a->tb_lineno == b->tb_lineno;
}

static int put_repeat_note(PyObject *file, int count)
{
	count -= REPEATS_SHOWN;
	if (count <= 0)
		return 0;
	return put_new(file, PyUnicode_FromFormat("  [Previous line repeated %d more time%s]\n",
						  count, count == 1 ? "" : "s"));
}

static int put_traceback(PyObject *file, PyTracebackObject *tb)
{
	PyTracebackObject *last = NULL;
	int count = 0;

	if (put(file, "Traceback (most recent call last):\n") < 0)
		return -1;
	for (; tb; tb = tb->tb_next) {
		if (!same_place(last, tb)) {
			if (put_repeat_note(file, count) < 0)
				return -1;
			last = tb;
			count = 0;
		}
		if (++count <= REPEATS_SHOWN && put_entry(file, tb) < 0)
			return -1;
		if (count > REPEATS_SHOWN && PyErr_CheckSignals() < 0)
			return -1;
	}
	return put_repeat_note(file, count);
}

/* -- the message
 * ---------------------------------------------------------------------------------------- */
static int put_type_name(PyObject *file, PyTypeObject *type)
{
	PyObject *module = _PyType_Module(type);
	int status = 0;

	if (!module)
		PyErr_Clear();
	if (module && PyUnicode_Check(module) &&
	    !_PyUnicode_EqualToASCIIString(module, "builtins") &&
	    !_PyUnicode_EqualToASCIIString(module, "__main__")) {
		status = PyFile_WriteObject(module, file, true);
		if (status == 0)
			status = put(file, ".");
	}
	Py_XDECREF(module);
	return status < 0 ? -1 : put_new(file, PyType_GetQualName(type));
}

static int put_notes(PyObject *file, PyObject *exc)
{
	PyObject *notes = NULL;
	int status = 0;

	if (_PyObject_LookupAttr(exc, _Py_ID(__notes__), &notes) <= 0)
		return PyErr_Occurred() ? -1 : 0;
	if (PyList_Check(notes) || PyTuple_Check(notes)) {
		for (Py_ssize_t i = 0; status == 0 && i < PySequence_Fast_GET_SIZE(notes); i++) {
			status = PyFile_WriteObject(PySequence_Fast_GET_ITEM(notes, i), file, true);
			if (status == 0)
				status = put(file, "\n");
		}
	}
	Py_DECREF(notes);
	return status;
}

static int put_message(PyObject *file, PyObject *exc)
{
	PyObject *text;

	if (put_type_name(file, Py_TYPE(exc)) < 0)
		return -1;
	if (PyErr_GivenExceptionMatches(exc, PyExc_SyntaxError) &&
	    ((PySyntaxErrorObject *)exc)->msg && ((PySyntaxErrorObject *)exc)->filename)
		text = PyObject_Str(((PySyntaxErrorObject *)exc)->msg);
	else
		text = PyObject_Str(exc);
	if (!text) {
		PyErr_Clear();
		text = PyUnicode_FromString("<exception str() failed>");
	}
	int status = 0;

	if (text && PyUnicode_GET_LENGTH(text)) {
		status = put(file, ": ");
		if (status == 0)
			status = PyFile_WriteObject(text, file, true);
	}
	Py_XDECREF(text);
	if (status == 0)
		status = put(file, "\n");
	return status == 0 ? put_notes(file, exc) : -1;
}

/* -- SyntaxError: where in the source
 * ------------------------------------------------------------------- */
static Py_ssize_t int_or(PyObject *o, Py_ssize_t fallback)
{
	Py_ssize_t v = o && PyLong_Check(o) ? PyLong_AsSsize_t(o) : fallback;

	if (PyErr_Occurred())
		PyErr_Clear();
	return v;
}

static int put_syntax_text(PyObject *file, PySyntaxErrorObject *e)
{
	PyObject *text = e->text && PyUnicode_Check(e->text)
				 ? Py_NewRef(e->text)
				 : _PySource_Line(e->filename, (int)int_or(e->lineno, 0));

	if (!text)
		return 0;
	Py_ssize_t newline = PyUnicode_FindChar(text, '\n', 0, PyUnicode_GET_LENGTH(text), 1);

	if (newline >= 0)
		Py_SETREF(text, PyUnicode_Substring(text, 0, newline));
	Py_ssize_t indent = leading_blanks(text);
	Py_ssize_t end = length_without_trailing_blanks(text);
	int status = 0;

	if (end < indent)
		end = indent;
	status = put(file, "    ");
	if (status == 0)
		status = put_new(file, PyUnicode_Substring(text, indent, end));
	if (status == 0)
		status = put(file, "\n");
	Py_ssize_t offset = int_or(e->offset, 0);
	Py_ssize_t end_offset = int_or(e->end_offset, 0);

	if (int_or(e->end_lineno, 0) > int_or(e->lineno, 0) && end_offset >= 0)
		end_offset = PyUnicode_GET_LENGTH(text) + 1;
	if (end_offset <= offset)
		end_offset = offset + 1;
	if (offset > PyUnicode_GET_LENGTH(text) + 1) {
		offset = PyUnicode_GET_LENGTH(text) + 1;
		end_offset = offset + 1;
	}
	if (status == 0 && offset > 0 && offset - 1 >= indent) {
		status = put(file, "    ");
		if (status == 0)
			status = put_repeated(file, " ", offset - 1 - indent);
		if (status == 0)
			status = put_repeated(file, "^", end_offset - offset);
		if (status == 0)
			status = put(file, "\n");
	}
	Py_DECREF(text);
	return status;
}

int _PyErr_WriteSyntaxPlace(PyObject *file, PyObject *exc)
{
	PySyntaxErrorObject *e = (PySyntaxErrorObject *)exc;

	if (!e->lineno || !PyLong_Check(e->lineno))
		return 0;
	if (put_new(file, PyUnicode_FromFormat("  File \"%S\", line %S\n",
					       e->filename && !Py_IsNone(e->filename) ? e->filename
										      : Py_None,
					       e->lineno)) < 0)
		return -1;
	return e->filename && PyUnicode_Check(e->filename) ? put_syntax_text(file, e) : 0;
}

static int put_one(PyObject *file, PyObject *exc)
{
	PyObject *tb = PyException_GetTraceback(exc);
	int status = 0;

	if (tb && PyTraceBack_Check(tb))
		status = put_traceback(file, (PyTracebackObject *)tb);
	Py_XDECREF(tb);
	if (status == 0 && PyErr_GivenExceptionMatches(exc, PyExc_SyntaxError))
		status = _PyErr_WriteSyntaxPlace(file, exc);
	return status == 0 ? put_message(file, exc) : -1;
}

/* -- the chain
 * --------------------------------------------------------------------------------------------- */
static const char cause_text[] =
	"\nThe above exception was the direct cause of the following exception:\n\n";
static const char context_text[] =
	"\nDuring handling of the above exception, another exception occurred:\n\n";

/* The exception that is to be shown before this one, borrowed; NULL at the chain's start. */
static PyObject *shown_before(PyObject *exc, const char **text)
{
	PyBaseExceptionObject *e = (PyBaseExceptionObject *)exc;

	if (e->cause) {
		*text = cause_text;
		return e->cause;
	}
	*text = context_text;
	return e->suppress_context ? NULL : e->context;
}

static int put_chain(PyObject *file, PyObject *exc)
{
	PyObject *chain = PyList_New(0);
	PyObject *seen = chain ? PySet_New(NULL) : NULL;
	int status = seen ? 0 : -1;

	for (PyObject *e = exc; status == 0 && e;) {
		const char *text;
		PyObject *id = PyLong_FromVoidPtr(e);
		int again = id ? PySet_Contains(seen, id) : -1;

		if (again == 0 && (PySet_Add(seen, id) < 0 || PyList_Append(chain, e) < 0))
			again = -1;
		Py_XDECREF(id);
		if (again) {
			status = again < 0 ? -1 : 0;
			break;
		}
		e = shown_before(e, &text);
	}
	for (Py_ssize_t i = status == 0 ? PyList_GET_SIZE(chain) : 0; status == 0 && i-- > 0;) {
		status = put_one(file, PyList_GET_ITEM(chain, i));
		if (status == 0 && i > 0) {
			const char *text;

			shown_before(PyList_GET_ITEM(chain, i - 1), &text);
			status = put(file, text);
		}
	}
	Py_XDECREF(seen);
	Py_XDECREF(chain);
	return status;
}

/* Whether there is an exception group in the first few links of the chain. */
static bool has_group(PyObject *exc)
{
	const char *text;

	for (int i = 0; exc && i < 100; i++, exc = shown_before(exc, &text))
		if (PyErr_GivenExceptionMatches(exc, PyExc_BaseExceptionGroup))
			return true;
	return false;
}

/* Groups are drawn by traceback.py; -1: nothing was written. */
static int put_groups(PyObject *file, PyObject *exc)
{
	PyObject *module = PyImport_ImportModule("traceback");
	PyObject *format = module ? PyObject_GetAttrString(module, "format_exception") : NULL;
	PyObject *parts = format ? PyObject_CallOneArg(format, exc) : NULL;
	PyObject *text = parts ? PyUnicode_Join(_Py_names.empty, parts) : NULL;

	Py_XDECREF(module);
	Py_XDECREF(format);
	Py_XDECREF(parts);
	return put_new(file, text);
}

void PyErr_DisplayException(PyObject *exc)
{
	PyObject *file = PySys_GetObject("stderr");
	PyObject *out = PySys_GetObject("stdout");
	PyObject *pending = PyErr_GetRaisedException();

	if (out && !Py_IsNone(out) && _PyFile_Flush(out) < 0)
		PyErr_Clear();
	if (file && !Py_IsNone(file)) {
		Py_INCREF(file);
		int status = has_group(exc) ? put_groups(file, exc) : -1;

		PyErr_Clear();
		if ((status < 0 && put_chain(file, exc) < 0) || _PyFile_Flush(file) < 0)
			PyErr_Clear();
		Py_DECREF(file);
	}
	PyErr_SetRaisedException(pending);
}

void PyErr_Print(void)
{
	PyObject *exc = PyErr_GetRaisedException();
	PyObject *hook = PySys_GetObject("excepthook");

	if (!exc)
		return;
	if (hook && !Py_IsNone(hook)) {
		PyObject *tb = PyException_GetTraceback(exc);
		PyObject *args[4] = {NULL, (PyObject *)Py_TYPE(exc), exc, tb ? tb : Py_None};

		Py_INCREF(hook);
		PyObject *result = PyObject_Vectorcall(hook, args + 1,
						       3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);

		Py_DECREF(hook);
		Py_XDECREF(tb);
		if (!result) {
			PyObject *inner = PyErr_GetRaisedException();
			PyObject *file = PySys_GetObject("stderr");

			if (file && put(file, "Error in sys.excepthook:\n") < 0)
				PyErr_Clear();
			PyErr_DisplayException(inner);
			Py_DECREF(inner);
			if (file && put(file, "\nOriginal exception was:\n") < 0)
				PyErr_Clear();
			PyErr_DisplayException(exc);
		}
		Py_XDECREF(result);
	} else {
		PyErr_DisplayException(exc);
	}
	Py_DECREF(exc);
}

int _PyErr_SystemExitStatus(void)
{
	PyObject *exc = PyErr_GetRaisedException();
	PyObject *code = Py_XNewRef(((PySystemExitObject *)exc)->code);
	int status = 1;

	Py_DECREF(exc);
	if (!code || Py_IsNone(code)) {
		status = 0;
	} else if (PyLong_Check(code)) {
		status = (int)PyLong_AsUnsignedLongMask(code);
	} else {
		PyObject *file = PySys_GetObject("stderr");

		if (file && !Py_IsNone(file) &&
		    (PyFile_WriteObject(code, file, true) < 0 || put(file, "\n") < 0))
			PyErr_Clear();
	}
	Py_XDECREF(code);
	return status;
}
