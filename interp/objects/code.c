/* SPDX-License-Identifier: BSD-2-Clause */
/* Code objects: made, shown, compared. Their tables are read in code_tables.c. */
#include "objects/code.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/code_tables.h"
#include "objects/descr.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <limits.h>

#define C(o) ((PyCodeObject *)(o))

/* Of these bits a function without * and ** has the one. */
#define PLAIN_FLAGS (CO_VARARGS | CO_VARKEYWORDS | CO_NEWLOCALS)

PyCodeObject *PyCode_New(const struct PyCodeSpec *s)
{
	PyCodeObject *c;

	if (!PyBytes_Check(s->code) || PyBytes_GET_SIZE(s->code) % 2 ||
	    !PyBytes_Check(s->localspluskinds) || !PyTuple_Check(s->localsplusnames) ||
	    PyBytes_GET_SIZE(s->localspluskinds) != PyTuple_GET_SIZE(s->localsplusnames) ||
	    !PyBytes_Check(s->exceptiontable) ||
	    PyBytes_GET_SIZE(s->exceptiontable) % sizeof(struct PyExceptionEntry)) {
		PyErr_SetString(PyExc_ValueError, "code: its parts do not fit together");
		return NULL;
	}
	c = PyObject_GC_New(PyCodeObject, &PyCode_Type);
	if (!c)
		return NULL;
	memset((char *)c + sizeof(PyObject), 0, sizeof(*c) - sizeof(PyObject));
	c->co_argcount = s->argcount;
	c->co_posonlyargcount = s->posonlyargcount;
	c->co_kwonlyargcount = s->kwonlyargcount;
	c->co_nlocals = s->nlocals;
	c->co_nlocalsplus = (int)PyTuple_GET_SIZE(s->localsplusnames);
	c->co_ncellvars = s->ncellvars;
	c->co_nfreevars = s->nfreevars;
	c->co_stacksize = s->stacksize;
	c->co_flags = s->flags;
	c->co_firstlineno = s->firstlineno;
	c->co_plain_args =
		s->kwonlyargcount || (s->flags & PLAIN_FLAGS) != CO_NEWLOCALS ? -1 : s->argcount;
	c->co_code = Py_NewRef(s->code);
	c->co_consts = Py_NewRef(s->consts);
	c->co_names = Py_NewRef(s->names);
	c->co_localsplusnames = Py_NewRef(s->localsplusnames);
	c->co_localspluskinds = Py_NewRef(s->localspluskinds);
	c->co_filename = Py_NewRef(s->filename);
	c->co_name = Py_NewRef(s->name);
	c->co_qualname = Py_NewRef(s->qualname);
	c->co_linetable = Py_NewRef(s->linetable);
	c->co_exceptiontable = Py_NewRef(s->exceptiontable);
	c->co_units = (const uint8_t *)PyBytes_AS_STRING(c->co_code);
	c->co_nunits = PyBytes_GET_SIZE(c->co_code) / 2;
	PyObject_GC_Track(c);
	return c;
}

static void code_dealloc(PyObject *o)
{
	PyCodeObject *c = C(o);

	PyObject_GC_UnTrack(o);
	PyMem_Free(c->co_cache);
	PyMem_Free(c->co_lines);
	Py_DECREF(c->co_code);
	Py_DECREF(c->co_consts);
	Py_DECREF(c->co_names);
	Py_DECREF(c->co_localsplusnames);
	Py_DECREF(c->co_localspluskinds);
	Py_DECREF(c->co_filename);
	Py_DECREF(c->co_name);
	Py_DECREF(c->co_qualname);
	Py_DECREF(c->co_linetable);
	Py_DECREF(c->co_exceptiontable);
	PyObject_GC_Del(o);
}

static int code_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(C(o)->co_consts);
	return 0;
}

static PyObject *code_repr(PyObject *o)
{
	return PyUnicode_FromFormat("<code object %U at %p, file \"%U\", line %d>", C(o)->co_name,
				    o, C(o)->co_filename, C(o)->co_firstlineno);
}

static bool same_numbers(const PyCodeObject *a, const PyCodeObject *b)
{
	return a->co_argcount == b->co_argcount && a->co_posonlyargcount == b->co_posonlyargcount &&
	       a->co_kwonlyargcount == b->co_kwonlyargcount && a->co_flags == b->co_flags &&
	       a->co_firstlineno == b->co_firstlineno && a->co_nunits == b->co_nunits;
}

static PyObject *code_richcompare(PyObject *a, PyObject *b, int op)
{
	int same;

	if ((op != Py_EQ && op != Py_NE) || !PyCode_Check(a) || !PyCode_Check(b))
		Py_RETURN_NOTIMPLEMENTED;
	same = a == b;
	if (!same && same_numbers(C(a), C(b))) {
		PyObject *const pairs[][2] = {
			{C(a)->co_name, C(b)->co_name},
			{C(a)->co_code, C(b)->co_code},
			{C(a)->co_names, C(b)->co_names},
			{C(a)->co_localsplusnames, C(b)->co_localsplusnames},
			{C(a)->co_linetable, C(b)->co_linetable},
			{C(a)->co_exceptiontable, C(b)->co_exceptiontable},
			{C(a)->co_consts, C(b)->co_consts},
		};

		same = 1;
		for (size_t i = 0; same > 0 && i < sizeof(pairs) / sizeof(*pairs); i++)
			same = PyObject_RichCompareBool(pairs[i][0], pairs[i][1], Py_EQ);
		if (same < 0)
			return NULL;
	}
	return PyBool_FromLong(same == (op == Py_EQ));
}

static Py_hash_t code_hash(PyObject *o)
{
	Py_hash_t a = PyObject_Hash(C(o)->co_name), b = PyObject_Hash(C(o)->co_code), h;

	if (a == -1 || b == -1)
		return -1;
	h = a ^ b ^ C(o)->co_firstlineno ^ C(o)->co_argcount;
	return h == -1 ? -2 : h;
}

/* -- Attributes -------------------------------------------------------------------------------- */
/* The names of the slots whose kind has one of the bits. */
static PyObject *names_of_kind(PyCodeObject *c, int bits)
{
	const char *kinds = PyBytes_AS_STRING(c->co_localspluskinds);
	PyObject *list = PyList_New(0), *r = NULL;

	for (int i = 0; list && i < c->co_nlocalsplus; i++)
		if ((kinds[i] & bits) &&
		    PyList_Append(list, PyTuple_GET_ITEM(c->co_localsplusnames, i)) < 0)
			Py_CLEAR(list);
	if (list)
		r = PyList_AsTuple(list);
	Py_XDECREF(list);
	return r;
}

static PyObject *get_varnames(PyObject *o, void *closure)
{
	return names_of_kind(C(o), CO_FAST_LOCAL);
}

static PyObject *get_cellvars(PyObject *o, void *closure)
{
	return names_of_kind(C(o), CO_FAST_CELL);
}

static PyObject *get_freevars(PyObject *o, void *closure)
{
	return names_of_kind(C(o), CO_FAST_FREE);
}

static PyGetSetDef code_getset[] = {
	{"co_varnames", get_varnames, NULL, NULL, NULL},
	{"co_cellvars", get_cellvars, NULL, NULL, NULL},
	{"co_freevars", get_freevars, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

#define MEMBER(name, kind)                                                   \
	{                                                                    \
#name, kind, offsetof(PyCodeObject, name), Py_READONLY, NULL \
	}
static PyMemberDef code_members[] = {
	MEMBER(co_argcount, Py_T_INT),          MEMBER(co_posonlyargcount, Py_T_INT),
	MEMBER(co_kwonlyargcount, Py_T_INT),    MEMBER(co_nlocals, Py_T_INT),
	MEMBER(co_stacksize, Py_T_INT),         MEMBER(co_flags, Py_T_INT),
	MEMBER(co_firstlineno, Py_T_INT),       MEMBER(co_code, Py_T_OBJECT),
	MEMBER(co_consts, Py_T_OBJECT),         MEMBER(co_names, Py_T_OBJECT),
	MEMBER(co_filename, Py_T_OBJECT),       MEMBER(co_name, Py_T_OBJECT),
	MEMBER(co_qualname, Py_T_OBJECT),       MEMBER(co_linetable, Py_T_OBJECT),
	MEMBER(co_exceptiontable, Py_T_OBJECT), {NULL, 0, 0, 0, NULL},
};

/* -1 is None. */
static PyObject *number_or_none(int n)
{
	return n < 0 ? Py_NewRef(Py_None) : PyLong_FromLong(n);
}

static PyObject *position(const struct _PyCodeLocation *l)
{
	PyObject *const parts[] = {number_or_none(l->line), number_or_none(l->end_line),
				   number_or_none(l->column), number_or_none(l->end_column)};
	PyObject *r = NULL;

	if (parts[0] && parts[1] && parts[2] && parts[3])
		r = _PyTuple_FromArray(parts, 4);
	for (int i = 0; i < 4; i++)
		Py_XDECREF(parts[i]);
	return r;
}

/* Appends a new reference (NULL: error). */
static int append(PyObject *list, PyObject *item)
{
	int r = item ? PyList_Append(list, item) : -1;

	Py_XDECREF(item);
	return r;
}

/* One tuple a code unit. */
static PyObject *code_positions(PyObject *o, PyObject *unused)
{
	PyObject *list = PyList_New(0), *it = NULL;
	struct _PyCodeLocation l;
	int r = list ? 0 : -1;

	if (list) {
		_PyCodeLocation_Start(C(o), &l);
		while (r == 0 && _PyCodeLocation_Next(&l))
			for (int i = l.start; r == 0 && i < l.end; i++)
				r = append(list, position(&l));
	}
	if (r == 0)
		it = PyObject_GetIter(list);
	Py_XDECREF(list);
	return it;
}

static PyObject *line_range(int start, int end, int line)
{
	PyObject *const parts[] = {PyLong_FromLong(2L * start), PyLong_FromLong(2L * end),
				   number_or_none(line)};
	PyObject *r = NULL;

	if (parts[0] && parts[1] && parts[2])
		r = _PyTuple_FromArray(parts, 3);
	for (int i = 0; i < 3; i++)
		Py_XDECREF(parts[i]);
	return r;
}

/* (start byte, end byte, line), neighbours of one line joined. */
static PyObject *code_lines(PyObject *o, PyObject *unused)
{
	PyObject *list = PyList_New(0), *it = NULL;
	struct _PyCodeLocation l;
	int start = 0, end = 0, line = -1, r = 0;

	if (!list)
		return NULL;
	_PyCodeLocation_Start(C(o), &l);
	while (r == 0 && _PyCodeLocation_Next(&l)) {
		if (end > start && l.line != line) {
			r = append(list, line_range(start, end, line));
			start = l.start;
		}
		line = l.line;
		end = l.end;
	}
	if (r == 0 && end > start)
		r = append(list, line_range(start, end, line));
	if (r == 0)
		it = PyObject_GetIter(list);
	Py_DECREF(list);
	return it;
}

/* What may be replaced: the instructions and what they stand on were checked as a whole when they
 * were compiled. */
enum { R_FILENAME, R_NAME, R_QUALNAME, R_FIRSTLINENO, R_FLAGS, R_COUNT };
#define FREE_FLAGS (CO_ITERABLE_COROUTINE | CO_NESTED | CO_FUTURE_ANNOTATIONS)

static int check_text(PyObject *value, const char *name)
{
	if (!value || PyUnicode_Check(value))
		return 0;
	PyErr_Format(PyExc_TypeError, "replace() argument '%s' must be str, not %s", name,
		     Py_TYPE(value)->tp_name);
	return -1;
}

static int replaced_int(PyObject *value, int *number)
{
	long n = value ? PyLong_AsLong(value) : *number;

	if (n == -1 && PyErr_Occurred())
		return -1;
	if (n < INT_MIN || n > INT_MAX) {
		PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
		return -1;
	}
	*number = (int)n;
	return 0;
}

static PyObject *code_replace(PyObject *o, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	static const char *const names[] = {"co_filename",    "co_name",  "co_qualname",
					    "co_firstlineno", "co_flags", NULL};
	static const struct PyArgSpec spec = {"replace", names, .max_pos = 0};
	const PyCodeObject *c = C(o);
	PyObject *a[R_COUNT];
	struct PyCodeSpec made = {
		c->co_argcount,        c->co_posonlyargcount,
		c->co_kwonlyargcount,  c->co_nlocals,
		c->co_ncellvars,       c->co_nfreevars,
		c->co_stacksize,       c->co_flags,
		c->co_firstlineno,     c->co_code,
		c->co_consts,          c->co_names,
		c->co_localsplusnames, c->co_localspluskinds,
		c->co_filename,        c->co_name,
		c->co_qualname,        c->co_linetable,
		c->co_exceptiontable,
	};

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	for (int i = R_FILENAME; i <= R_QUALNAME; i++)
		if (check_text(a[i], names[i]) < 0)
			return NULL;
	if (replaced_int(a[R_FIRSTLINENO], &made.firstlineno) < 0 ||
	    replaced_int(a[R_FLAGS], &made.flags) < 0)
		return NULL;
	if ((made.flags ^ c->co_flags) & ~FREE_FLAGS) {
		PyErr_SetString(PyExc_ValueError, "code: flags that decide how it runs");
		return NULL;
	}
	made.filename = a[R_FILENAME] ? a[R_FILENAME] : made.filename;
	made.name = a[R_NAME] ? a[R_NAME] : made.name;
	made.qualname = a[R_QUALNAME] ? a[R_QUALNAME] : made.qualname;
	return (PyObject *)PyCode_New(&made);
}

static PyMethodDef code_methods[] = {
	{"replace", (PyCFunction)(void (*)(void))code_replace, METH_FASTCALL | METH_KEYWORDS,
	 "A copy with another co_filename, co_name, co_qualname, co_firstlineno or co_flags."},
	{"co_positions", code_positions, METH_NOARGS, NULL},
	{"co_lines", code_lines, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyCode_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "code",
	.tp_basicsize = sizeof(PyCodeObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = code_dealloc,
	.tp_traverse = code_traverse,
	.tp_repr = code_repr,
	.tp_hash = code_hash,
	.tp_richcompare = code_richcompare,
	.tp_methods = code_methods,
	.tp_members = code_members,
	.tp_getset = code_getset,
};
