/* SPDX-License-Identifier: BSD-2-Clause */
/* Exception groups: made, split by what their leaves are, put together again. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

#define G(o)        ((PyBaseExceptionGroupObject *)(o))
#define IS_GROUP(o) PyObject_TypeCheck(o, (PyTypeObject *)PyExc_BaseExceptionGroup)

/* -- Making ------------------------------------------------------------------------------------ */
/* The items must be exceptions; *plain: all are Exceptions. */
static int check_items(PyObject *items, bool *plain)
{
	*plain = true;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
		PyObject *e = PyTuple_GET_ITEM(items, i);

		if (!PyExceptionInstance_Check(e)) {
			PyErr_Format(PyExc_ValueError,
				     "Item %zd of second argument (exceptions) is not an exception",
				     i);
			return -1;
		}
		*plain = *plain && PyObject_TypeCheck(e, (PyTypeObject *)PyExc_Exception);
	}
	return 0;
}

/* The class to make: BaseExceptionGroup of plain exceptions is ExceptionGroup. NULL: error. */
static PyTypeObject *choose_class(PyTypeObject *type, bool plain)
{
	if (type == (PyTypeObject *)PyExc_BaseExceptionGroup)
		return plain ? (PyTypeObject *)PyExc_ExceptionGroup : type;
	if (plain)
		return type;
	if (type == (PyTypeObject *)PyExc_ExceptionGroup) {
		PyErr_SetString(PyExc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
		return NULL;
	}
	if (PyType_IsSubtype(type, (PyTypeObject *)PyExc_Exception)) {
		PyErr_Format(PyExc_TypeError, "Cannot nest BaseExceptions in '%.200s'",
			     type->tp_name);
		return NULL;
	}
	return type;
}

PyObject *_PyExc_group_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *items, *self;
	bool plain;

	if (!PyArg_NoKeywords(type->tp_name, kwargs))
		return NULL;
	if (PyTuple_GET_SIZE(args) != 2)
		return PyErr_Format(PyExc_TypeError,
				    "BaseExceptionGroup.__new__() takes exactly 2 arguments "
				    "(%zd given)",
				    PyTuple_GET_SIZE(args));
	if (!PyUnicode_Check(PyTuple_GET_ITEM(args, 0)))
		return PyErr_Format(
			PyExc_TypeError,
			"BaseExceptionGroup.__new__() argument 1 must be str, not %.50s",
			Py_TYPE(PyTuple_GET_ITEM(args, 0))->tp_name);
	if (!PySequence_Check(PyTuple_GET_ITEM(args, 1)))
		return PyErr_Format(PyExc_TypeError,
				    "second argument (exceptions) must be a sequence");
	items = PySequence_Tuple(PyTuple_GET_ITEM(args, 1));
	if (!items)
		return NULL;
	if (PyTuple_GET_SIZE(items) == 0) {
		PyErr_SetString(PyExc_ValueError,
				"second argument (exceptions) must be a non-empty sequence");
		goto fail;
	}
	if (check_items(items, &plain) < 0 || !(type = choose_class(type, plain)))
		goto fail;
	self = _PyBaseException_New(type, args, kwargs);
	if (!self)
		goto fail;
	G(self)->msg = Py_NewRef(PyTuple_GET_ITEM(args, 0));
	G(self)->excs = items;
	return self;
fail:
	Py_DECREF(items);
	return NULL;
}

PyObject *_PyExc_group_str(PyObject *self)
{
	Py_ssize_t n = PyTuple_GET_SIZE(G(self)->excs);

	return PyUnicode_FromFormat("%S (%zd sub-exception%s)", G(self)->msg, n, n > 1 ? "s" : "");
}

PyMemberDef _PyExc_group_members[] = {
	{"message", Py_T_OBJECT, offsetof(PyBaseExceptionGroupObject, msg), Py_READONLY,
	 "exception message"},
	{"exceptions", Py_T_OBJECT, offsetof(PyBaseExceptionGroupObject, excs), Py_READONLY,
	 "nested exceptions"},
	{NULL, 0, 0, 0, NULL},
};

static PyObject *make_group(const char *message, PyObject *list)
{
	PyObject *msg = PyUnicode_FromString(message), *r = NULL;

	if (msg)
		r = PyObject_CallFunctionObjArgs(PyExc_BaseExceptionGroup, msg, list, NULL);
	Py_XDECREF(msg);
	return r;
}

/* A group like orig of other exceptions: traceback, context, cause and notes are orig's. */
static PyObject *derive(PyObject *orig, PyObject *list)
{
	PyBaseExceptionGroupObject *g = G(orig);
	PyObject *r = PyObject_CallMethodObjArgs(orig, _Py_ID(derive), list, NULL), *notes;

	if (!r)
		return NULL;
	if (!IS_GROUP(r)) {
		PyErr_SetString(PyExc_TypeError,
				"derive must return an instance of BaseExceptionGroup");
		goto fail;
	}
	Py_XSETREF(G(r)->traceback, Py_XNewRef(g->traceback));
	Py_XSETREF(G(r)->context, Py_XNewRef(g->context));
	Py_XSETREF(G(r)->cause, Py_XNewRef(g->cause));
	G(r)->suppress_context = g->suppress_context;
	if (_PyObject_LookupAttr(orig, _Py_ID(__notes__), &notes) < 0)
		goto fail;
	if (notes && PySequence_Check(notes)) {
		PyObject *copy = PySequence_List(notes);

		if (!copy || PyObject_SetAttr(r, _Py_ID(__notes__), copy) < 0)
			Py_CLEAR(r);
		Py_XDECREF(copy);
	}
	Py_XDECREF(notes);
	return r;
fail:
	Py_DECREF(r);
	return NULL;
}

/* -- Splitting --------------------------------------------------------------------------------- */
/* What decides on an exception: 1 it belongs to the match, 0 not, -1 error. */
struct test {
	enum { BY_TYPE, BY_PREDICATE, BY_IDENTITY } how;
	PyObject *value; /* a type or tuple, a callable, a list of exceptions */
};

static int matches(const struct test *t, PyObject *exc)
{
	PyObject *r;
	int truth;

	switch (t->how) {
	case BY_TYPE: return PyErr_GivenExceptionMatches(exc, t->value);
	case BY_PREDICATE:
		r = PyObject_CallOneArg(t->value, exc);
		truth = r ? PyObject_IsTrue(r) : -1;
		Py_XDECREF(r);
		return truth;
	default:
		for (Py_ssize_t i = 0; !IS_GROUP(exc) && i < PyList_GET_SIZE(t->value); i++)
			if (PyList_GET_ITEM(t->value, i) == exc)
				return 1;
		return 0;
	}
}

static int split(PyObject *exc, const struct test *t, PyObject **match, PyObject **rest);

static int split_items(PyObject *group, const struct test *t, PyObject *yes, PyObject *no)
{
	PyObject *items = G(group)->excs;

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
		PyObject *m, *r;
		int status;

		if (split(PyTuple_GET_ITEM(items, i), t, &m, &r) < 0)
			return -1;
		status = (m && PyList_Append(yes, m) < 0) || (r && PyList_Append(no, r) < 0) ? -1
											     : 0;
		Py_XDECREF(m);
		Py_XDECREF(r);
		if (status < 0)
			return -1;
	}
	return 0;
}

/* New references; NULL for an empty part. */
static int split(PyObject *exc, const struct test *t, PyObject **match, PyObject **rest)
{
	PyObject *yes, *no;
	int r = matches(t, exc);

	*match = *rest = NULL;
	if (r < 0)
		return -1;
	if (r || !IS_GROUP(exc)) {
		*(r ? match : rest) = Py_NewRef(exc);
		return 0;
	}
	yes = PyList_New(0);
	no = PyList_New(0);
	r = yes && no ? Py_EnterRecursiveCall(" in exceptiongroup_split_recursive") : -1;
	if (r == 0) {
		r = split_items(exc, t, yes, no);
		Py_LeaveRecursiveCall();
	}
	if (r == 0 && PyList_GET_SIZE(yes) && !(*match = derive(exc, yes)))
		r = -1;
	if (r == 0 && PyList_GET_SIZE(no) && !(*rest = derive(exc, no))) {
		Py_CLEAR(*match);
		r = -1;
	}
	Py_XDECREF(yes);
	Py_XDECREF(no);
	return r;
}

static PyObject *or_none(PyObject *o)
{
	return o ? o : Py_NewRef(Py_None);
}

int _PyExc_SplitGroup(PyObject *exc, PyObject *type, PyObject **match, PyObject **rest)
{
	struct test t = {BY_TYPE, type};
	PyObject *list;

	if (split(exc, &t, match, rest) < 0)
		return -1;
	/* A handler of except* always gets a group. */
	if (*match && !IS_GROUP(*match)) {
		list = PyTuple_Pack(1, *match);
		Py_SETREF(*match, list ? make_group("", list) : NULL);
		Py_XDECREF(list);
		if (!*match) {
			Py_CLEAR(*rest);
			return -1;
		}
	}
	*match = or_none(*match);
	*rest = or_none(*rest);
	return 0;
}

/* -- Methods ----------------------------------------------------------------------------------- */
static int read_test(PyObject *value, struct test *t)
{
	t->value = value;
	t->how = BY_PREDICATE;
	if (PyExceptionClass_Check(value)) {
		t->how = BY_TYPE;
		return 0;
	}
	if (PyTuple_CheckExact(value)) {
		t->how = BY_TYPE;
		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++)
			if (!PyExceptionClass_Check(PyTuple_GET_ITEM(value, i)))
				goto bad;
		return 0;
	}
	if (PyCallable_Check(value) && !PyType_Check(value))
		return 0;
bad:
	PyErr_SetString(PyExc_TypeError,
			"expected a function, exception type or tuple of exception types");
	return -1;
}

static PyObject *group_derive(PyObject *self, PyObject *excs)
{
	return PyObject_CallFunctionObjArgs(PyExc_BaseExceptionGroup, G(self)->msg, excs, NULL);
}

static PyObject *group_split(PyObject *self, PyObject *condition)
{
	PyObject *match, *rest, *r;
	struct test t;

	if (read_test(condition, &t) < 0 || split(self, &t, &match, &rest) < 0)
		return NULL;
	match = or_none(match);
	rest = or_none(rest);
	r = PyTuple_Pack(2, match, rest);
	Py_DECREF(match);
	Py_DECREF(rest);
	return r;
}

static PyObject *group_subgroup(PyObject *self, PyObject *condition)
{
	PyObject *match, *rest;
	struct test t;

	if (read_test(condition, &t) < 0 || split(self, &t, &match, &rest) < 0)
		return NULL;
	Py_XDECREF(rest);
	return or_none(match);
}

PyMethodDef _PyExc_group_methods[] = {
	{"derive", group_derive, METH_O, NULL},
	{"split", group_split, METH_O, NULL},
	{"subgroup", group_subgroup, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

/* -- The end of except* ------------------------------------------------------------------------ */
static bool same_metadata(PyObject *a, PyObject *b)
{
	return IS_GROUP(a) && IS_GROUP(b) && G(a)->traceback == G(b)->traceback &&
	       G(a)->cause == G(b)->cause && G(a)->context == G(b)->context;
}

static int collect_leaves(PyObject *exc, PyObject *leaves)
{
	PyObject *items;
	int r = 0;

	if (!IS_GROUP(exc))
		return PyList_Append(leaves, exc);
	if (Py_EnterRecursiveCall(" in collect_exception_group_leaf_ids") < 0)
		return -1;
	items = G(exc)->excs;
	for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(items); i++)
		r = collect_leaves(PyTuple_GET_ITEM(items, i), leaves);
	Py_LeaveRecursiveCall();
	return r;
}

/* What is left of orig when only the leaves of the groups in keep stay: new, or NULL with *error
 * saying whether that is an error. */
static PyObject *project(PyObject *orig, PyObject *keep, bool *error)
{
	PyObject *leaves = PyList_New(0), *match = NULL, *rest = NULL;
	struct test t = {BY_IDENTITY, leaves};

	*error = !leaves;
	for (Py_ssize_t i = 0; !*error && i < PyList_GET_SIZE(keep); i++)
		*error = collect_leaves(PyList_GET_ITEM(keep, i), leaves) < 0;
	if (!*error)
		*error = split(orig, &t, &match, &rest) < 0;
	Py_XDECREF(leaves);
	Py_XDECREF(rest);
	return match;
}

PyObject *_PyExc_PrepReraiseStar(PyObject *original, PyObject *list)
{
	PyObject *raised, *reraised, *group, *r = NULL;
	bool error = false;

	if (PyList_GET_SIZE(list) == 0)
		Py_RETURN_NONE;
	if (!IS_GROUP(original))
		return Py_NewRef(PyList_GET_ITEM(list, 0));
	raised = PyList_New(0);
	reraised = PyList_New(0);
	if (!raised || !reraised)
		goto out;
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
		PyObject *e = PyList_GET_ITEM(list, i);

		if (!Py_IsNone(e) &&
		    PyList_Append(same_metadata(e, original) ? reraised : raised, e) < 0)
			goto out;
	}
	group = project(original, reraised, &error);
	if (error)
		goto out;
	if (PyList_GET_SIZE(raised) == 0) {
		r = or_none(group);
		goto out;
	}
	if (group) {
		int status = PyList_Append(raised, group);

		Py_DECREF(group);
		if (status < 0)
			goto out;
	}
	r = PyList_GET_SIZE(raised) > 1 ? make_group("", raised)
					: Py_NewRef(PyList_GET_ITEM(raised, 0));
out:
	Py_XDECREF(raised);
	Py_XDECREF(reraised);
	return r;
}
