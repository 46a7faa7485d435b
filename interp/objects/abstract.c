/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be done with any object: text, comparison, hash, truth, class tests. */
#include "objects/abstract.h"

#include "core/errors.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

/* -- Text -------------------------------------------------------------------------------------- */
static PyObject *text_of(PyObject *o, reprfunc f, const char *where, const char *method)
{
	PyObject *r;

	if (Py_EnterRecursiveCall(where) < 0)
		return NULL;
	r = f(o);
	Py_LeaveRecursiveCall();
	if (r && !PyUnicode_Check(r)) {
		PyErr_Format(PyExc_TypeError, "%s returned non-string (type %.200s)", method,
			     Py_TYPE(r)->tp_name);
		Py_CLEAR(r);
	}
	return r;
}

PyObject *PyObject_Repr(PyObject *o)
{
	if (PyErr_CheckSignals() < 0)
		return NULL;
	if (!o)
		return PyUnicode_FromString("<NULL>");
	if (!Py_TYPE(o)->tp_repr)
		return PyUnicode_FromFormat("<%s object at %p>", Py_TYPE(o)->tp_name, o);
	return text_of(o, Py_TYPE(o)->tp_repr, " while getting the repr of an object", "__repr__");
}

PyObject *PyObject_Str(PyObject *o)
{
	if (PyErr_CheckSignals() < 0)
		return NULL;
	if (!o)
		return PyUnicode_FromString("<NULL>");
	if (PyUnicode_CheckExact(o))
		return Py_NewRef(o);
	if (!Py_TYPE(o)->tp_str)
		return PyObject_Repr(o);
	return text_of(o, Py_TYPE(o)->tp_str, " while getting the str of an object", "__str__");
}

PyObject *PyObject_ASCII(PyObject *o)
{
	PyObject *repr = PyObject_Repr(o), *bytes, *r;

	if (!repr || PyUnicode_IS_ASCII(repr))
		return repr;
	bytes = _PyUnicode_EncodeASCII(repr, "backslashreplace");
	Py_DECREF(repr);
	if (!bytes)
		return NULL;
	r = PyUnicode_DecodeASCII(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), "strict");
	Py_DECREF(bytes);
	return r;
}

PyObject *PyObject_Format(PyObject *o, PyObject *spec)
{
	PyObject *f, *r;
	int unbound;

	if (spec && !PyUnicode_Check(spec))
		return PyErr_Format(PyExc_SystemError,
				    "Format specifier must be a string, not %.200s",
				    Py_TYPE(spec)->tp_name);
	if (!spec || PyUnicode_GET_LENGTH(spec) == 0) {
		if (PyUnicode_CheckExact(o))
			return Py_NewRef(o);
		if (PyLong_CheckExact(o))
			return PyObject_Str(o);
	}
	unbound = _PyObject_LookupSpecialMethod(o, _Py_ID(__format__), &f);
	if (!f) {
		if (!PyErr_Occurred())
			PyErr_Format(PyExc_TypeError, "Type %.100s doesn't define __format__",
				     Py_TYPE(o)->tp_name);
		return NULL;
	}
	r = PyObject_CallFunctionObjArgs(f,
					 unbound ? o
					 : spec  ? spec
						 : _Py_names.empty,
					 unbound ? (spec ? spec : _Py_names.empty) : NULL, NULL);
	Py_DECREF(f);
	if (r && !PyUnicode_Check(r)) {
		PyErr_Format(PyExc_TypeError, "__format__ must return a str, not %.200s",
			     Py_TYPE(r)->tp_name);
		Py_CLEAR(r);
	}
	return r;
}

PyObject *PyObject_Bytes(PyObject *o)
{
	PyObject *f, *r;

	if (PyBytes_CheckExact(o))
		return Py_NewRef(o);
	f = _PyObject_LookupSpecial(o, _Py_ID(__bytes__));
	if (!f)
		return PyErr_Occurred() ? NULL : PyBytes_FromObject(o);
	r = PyObject_CallNoArgs(f);
	Py_DECREF(f);
	if (r && !PyBytes_Check(r)) {
		PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
			     Py_TYPE(r)->tp_name);
		Py_CLEAR(r);
	}
	return r;
}

/* Searching them takes time, so there are not more containers in each other than this. */
#define REPRS_MAX 20000

/* The containers being printed stand in the thread's list, innermost last. */
int Py_ReprEnter(PyObject *o)
{
	PyThreadState *ts = PyThreadState_Get();
	PyObject *list = ts->reprs;

	if (!list && !(list = ts->reprs = PyList_New(0)))
		return -1;
	for (Py_ssize_t i = PyList_GET_SIZE(list); i-- > 0;)
		if (PyList_GET_ITEM(list, i) == o)
			return 1;
	if (PyList_GET_SIZE(list) >= REPRS_MAX) {
		PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded while "
						      "getting the repr of an object");
		return -1;
	}
	return PyList_Append(list, o) < 0 ? -1 : 0;
}

void Py_ReprLeave(PyObject *o)
{
	PyObject *pending = PyErr_GetRaisedException(), *list = PyThreadState_Get()->reprs;

	for (Py_ssize_t i = list ? PyList_GET_SIZE(list) : 0; i-- > 0;)
		if (PyList_GET_ITEM(list, i) == o) {
			PyList_SetSlice(list, i, i + 1, NULL);
			break;
		}
	PyErr_SetRaisedException(pending);
}

/* -- Comparison -------------------------------------------------------------------------------- */
static const char *const operators[] = {"<", "<=", "==", "!=", ">", ">="};
static const int swapped[] = {Py_GT, Py_GE, Py_EQ, Py_NE, Py_LT, Py_LE};

static PyObject *rich_compare(PyObject *v, PyObject *w, int op)
{
	PyTypeObject *t = Py_TYPE(v), *u = Py_TYPE(w);
	bool tried = false;
	PyObject *r;

	if (t != u && u->tp_richcompare && PyType_IsSubtype(u, t)) {
		tried = true;
		r = u->tp_richcompare(w, v, swapped[op]);
		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	if (t->tp_richcompare) {
		r = t->tp_richcompare(v, w, op);
		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	if (!tried && u->tp_richcompare) {
		r = u->tp_richcompare(w, v, swapped[op]);
		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	if (op == Py_EQ || op == Py_NE)
		return PyBool_FromLong((v == w) == (op == Py_EQ));
	return PyErr_Format(PyExc_TypeError,
			    "'%s' not supported between instances of '%.100s' and '%.100s'",
			    operators[op], t->tp_name, u->tp_name);
}

PyObject *PyObject_RichCompare(PyObject *v, PyObject *w, int op)
{
	PyObject *r;

	if (Py_EnterRecursiveCall(" in comparison") < 0)
		return NULL;
	r = rich_compare(v, w, op);
	Py_LeaveRecursiveCall();
	return r;
}

int PyObject_RichCompareBool(PyObject *v, PyObject *w, int op)
{
	PyObject *r;
	int truth;

	if (v == w && (op == Py_EQ || op == Py_NE))
		return op == Py_EQ;
	if (Py_TYPE(v) == Py_TYPE(w)) {
		int64_t x, y;

		if (PyLong_CheckExact(v) && _PyLong_GetInt64(v, &x) && _PyLong_GetInt64(w, &y))
			return _Py_CompareHolds((x > y) - (x < y), op);
		if (PyUnicode_CheckExact(v) && (op == Py_EQ || op == Py_NE))
			return _PyUnicode_EQ(v, w) == (op == Py_EQ);
	}
	r = PyObject_RichCompare(v, w, op);
	if (!r)
		return -1;
	truth = PyBool_Check(r) ? r == Py_True : PyObject_IsTrue(r);
	Py_DECREF(r);
	return truth;
}

/* -- Hash and truth ---------------------------------------------------------------------------- */
Py_hash_t PyObject_Hash(PyObject *o)
{
	hashfunc f = Py_TYPE(o)->tp_hash;

	return f ? f(o) : PyObject_HashNotImplemented(o);
}

Py_hash_t PyObject_HashNotImplemented(PyObject *o)
{
	PyErr_Format(PyExc_TypeError, "unhashable type: '%.200s'", Py_TYPE(o)->tp_name);
	return -1;
}

Py_hash_t _Py_HashPointer(const void *p)
{
	/* The low four bits are always 0. */
	uintptr_t n = (uintptr_t)p;
	Py_hash_t h = (Py_hash_t)((n >> 4) | (n << 60));

	return h == -1 ? -2 : h;
}

int PyObject_IsTrue(PyObject *o)
{
	PyTypeObject *type = Py_TYPE(o);
	Py_ssize_t n;

	if (o == Py_True)
		return 1;
	if (o == Py_False || o == Py_None)
		return 0;
	if (type->nb_bool)
		n = type->nb_bool(o);
	else if (type->mp_length)
		n = type->mp_length(o);
	else if (type->sq_length)
		n = type->sq_length(o);
	else
		return 1;
	return n > 0 ? 1 : (int)n;
}

int PyObject_Not(PyObject *o)
{
	int r = PyObject_IsTrue(o);

	return r < 0 ? r : !r;
}

/* -- Classes ----------------------------------------------------------------------------------- */
PyObject *PyObject_Type(PyObject *o)
{
	return Py_NewRef(Py_TYPE(o));
}

int PyCallable_Check(PyObject *o)
{
	return o && Py_TYPE(o)->tp_vectorcall;
}

PyObject *PyObject_SelfIter(PyObject *o)
{
	return Py_NewRef(o);
}

/* __bases__ of something that need not be a type: a tuple, or NULL with or without an exception. */
static PyObject *abstract_bases(PyObject *cls)
{
	PyObject *bases;

	if (_PyObject_LookupAttr(cls, _Py_ID(__bases__), &bases) > 0 && !PyTuple_Check(bases))
		Py_CLEAR(bases);
	return bases;
}

static int check_class(PyObject *cls, const char *error)
{
	PyObject *bases = abstract_bases(cls);

	if (bases) {
		Py_DECREF(bases);
		return 0;
	}
	if (!PyErr_Occurred())
		PyErr_SetString(PyExc_TypeError, error);
	return -1;
}

static int abstract_is_subclass(PyObject *derived, PyObject *cls)
{
	PyObject *bases;
	int r = 0;

	if (derived == cls)
		return 1;
	bases = abstract_bases(derived);
	if (!bases)
		return PyErr_Occurred() ? -1 : 0;
	if (Py_EnterRecursiveCall(" in __subclasscheck__") < 0) {
		Py_DECREF(bases);
		return -1;
	}
	for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(bases); i++)
		r = abstract_is_subclass(PyTuple_GET_ITEM(bases, i), cls);
	Py_LeaveRecursiveCall();
	Py_DECREF(bases);
	return r;
}

int _PyObject_RealIsInstance(PyObject *o, PyObject *cls)
{
	PyObject *actual;
	int r;

	if (PyType_Check(cls)) {
		if (PyObject_TypeCheck(o, (PyTypeObject *)cls))
			return 1;
		/* A proxy may say that it is of another class. */
		r = _PyObject_LookupAttr(o, _Py_ID(__class__), &actual);
		if (r > 0)
			r = actual != (PyObject *)Py_TYPE(o) && PyType_Check(actual) &&
			    PyType_IsSubtype((PyTypeObject *)actual, (PyTypeObject *)cls);
		Py_XDECREF(actual);
		return r;
	}
	if (check_class(cls, "isinstance() arg 2 must be a type, a tuple of types, or a union") < 0)
		return -1;
	r = _PyObject_LookupAttr(o, _Py_ID(__class__), &actual);
	if (r > 0)
		r = abstract_is_subclass(actual, cls);
	Py_XDECREF(actual);
	return r;
}

int _PyObject_RealIsSubclass(PyObject *derived, PyObject *cls)
{
	if (PyType_Check(cls) && PyType_Check(derived))
		return PyType_IsSubtype((PyTypeObject *)derived, (PyTypeObject *)cls);
	if (check_class(derived, "issubclass() arg 1 must be a class") < 0 ||
	    check_class(cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union") <
		    0)
		return -1;
	return abstract_is_subclass(derived, cls);
}

/* One of the two tests: through tuples, and through the class's hook where it has one. */
static int class_test(PyObject *o, PyObject *cls, PyObject *hook,
		      int (*real)(PyObject *, PyObject *), int (*again)(PyObject *, PyObject *))
{
	PyObject *f, *result;
	int r = 0;

	if (PyTuple_Check(cls)) {
		if (Py_EnterRecursiveCall(hook == _Py_ID(__instancecheck__)
						  ? " in __instancecheck__"
						  : " in __subclasscheck__") < 0)
			return -1;
		for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(cls); i++)
			r = again(o, PyTuple_GET_ITEM(cls, i));
		Py_LeaveRecursiveCall();
		return r;
	}
	f = _PyObject_LookupSpecial(cls, hook);
	if (!f)
		return PyErr_Occurred() ? -1 : real(o, cls);
	if (Py_EnterRecursiveCall(" in __instancecheck__") < 0) {
		Py_DECREF(f);
		return -1;
	}
	result = PyObject_CallOneArg(f, o);
	Py_LeaveRecursiveCall();
	Py_DECREF(f);
	if (!result)
		return -1;
	r = PyObject_IsTrue(result);
	Py_DECREF(result);
	return r;
}

int PyObject_IsInstance(PyObject *o, PyObject *cls)
{
	if (Py_IS_TYPE(o, (PyTypeObject *)cls))
		return 1;
	if (PyType_CheckExact(cls))
		return _PyObject_RealIsInstance(o, cls);
	return class_test(o, cls, _Py_ID(__instancecheck__), _PyObject_RealIsInstance,
			  PyObject_IsInstance);
}

int PyObject_IsSubclass(PyObject *derived, PyObject *cls)
{
	if (PyType_CheckExact(cls))
		return derived == cls || _PyObject_RealIsSubclass(derived, cls);
	return class_test(derived, cls, _Py_ID(__subclasscheck__), _PyObject_RealIsSubclass,
			  PyObject_IsSubclass);
}

PyObject *PyObject_Dir(PyObject *o)
{
	PyObject *f = _PyObject_LookupSpecial(o, _Py_ID(__dir__)), *names, *sorted;

	if (!f)
		return PyErr_Occurred()
			       ? NULL
			       : PyErr_Format(PyExc_TypeError, "object does not provide __dir__");
	names = PyObject_CallNoArgs(f);
	Py_DECREF(f);
	if (!names)
		return NULL;
	sorted = PySequence_List(names);
	Py_DECREF(names);
	if (sorted && PyList_Sort(sorted) < 0)
		Py_CLEAR(sorted);
	return sorted;
}
