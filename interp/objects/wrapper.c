/* SPDX-License-Identifier: BSD-2-Clause */
/* Slot wrappers: the methods that C types show for their slots, and their bound form. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/slots.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

typedef struct {
	PyObject_HEAD PyWrapperDescrObject *descr;
	PyObject *self;
} PyMethodWrapperObject;

/* -- How a slot's C function is called --------------------------------------------------------- */
#define WRAPPER(n)                                                                     \
	PyObject *_PyWrap_##n(PyObject *self, PyObject *const *args, Py_ssize_t nargs, \
			      PyObject *kwnames, void *wrapped)

static bool check_nargs(Py_ssize_t nargs, Py_ssize_t min, Py_ssize_t max)
{
	if (nargs >= min && nargs <= max)
		return true;
	if (min == max)
		PyErr_Format(PyExc_TypeError, "expected %zd argument%s, got %zd", min,
			     min == 1 ? "" : "s", nargs);
	else
		PyErr_Format(PyExc_TypeError, "expected at %s %zd argument%s, got %zd",
			     nargs < min ? "least" : "most", nargs < min ? min : max,
			     (nargs < min ? min : max) == 1 ? "" : "s", nargs);
	return false;
}

static PyObject *none_or_error(int result)
{
	return result < 0 ? NULL : Py_NewRef(Py_None);
}

WRAPPER(unary)
{
	return check_nargs(nargs, 0, 0) ? ((unaryfunc)wrapped)(self) : NULL;
}

WRAPPER(next)
{
	PyObject *r;

	if (!check_nargs(nargs, 0, 0))
		return NULL;
	r = ((iternextfunc)wrapped)(self);
	if (!r && !PyErr_Occurred())
		PyErr_SetNone(PyExc_StopIteration);
	return r;
}

WRAPPER(binary)
{
	return check_nargs(nargs, 1, 1) ? ((binaryfunc)wrapped)(self, args[0]) : NULL;
}

WRAPPER(binary_r)
{
	return check_nargs(nargs, 1, 1) ? ((binaryfunc)wrapped)(args[0], self) : NULL;
}

WRAPPER(ternary)
{
	if (!check_nargs(nargs, 1, 2))
		return NULL;
	return ((ternaryfunc)wrapped)(self, args[0], nargs > 1 ? args[1] : Py_None);
}

WRAPPER(ternary_r)
{
	if (!check_nargs(nargs, 1, 2))
		return NULL;
	return ((ternaryfunc)wrapped)(args[0], self, nargs > 1 ? args[1] : Py_None);
}

WRAPPER(inquiry)
{
	int r;

	if (!check_nargs(nargs, 0, 0))
		return NULL;
	r = ((inquiry)wrapped)(self);
	return r < 0 ? NULL : PyBool_FromLong(r);
}

WRAPPER(hash)
{
	Py_hash_t r;

	if (!check_nargs(nargs, 0, 0))
		return NULL;
	r = ((hashfunc)wrapped)(self);
	return r == -1 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(r);
}

WRAPPER(len)
{
	Py_ssize_t r;

	if (!check_nargs(nargs, 0, 0))
		return NULL;
	r = ((lenfunc)wrapped)(self);
	return r < 0 ? NULL : PyLong_FromSsize_t(r);
}

WRAPPER(index)
{
	Py_ssize_t i;

	if (!check_nargs(nargs, 1, 1))
		return NULL;
	i = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
	if (i == -1 && PyErr_Occurred())
		return NULL;
	return ((ssizeargfunc)wrapped)(self, i);
}

/* An index as sq_item wants it: counted from the start. -1 with an exception, or the index. */
static int item_index(PyObject *self, PyObject *arg, Py_ssize_t *i)
{
	*i = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
	if (*i == -1 && PyErr_Occurred())
		return -1;
	if (*i < 0 && Py_TYPE(self)->sq_length) {
		Py_ssize_t n = Py_TYPE(self)->sq_length(self);

		if (n < 0)
			return -1;
		*i += n;
	}
	return 0;
}

WRAPPER(item)
{
	Py_ssize_t i;

	if (!check_nargs(nargs, 1, 1) || item_index(self, args[0], &i) < 0)
		return NULL;
	return ((ssizeargfunc)wrapped)(self, i);
}

WRAPPER(setitem_index)
{
	Py_ssize_t i;

	if (!check_nargs(nargs, 2, 2) || item_index(self, args[0], &i) < 0)
		return NULL;
	return none_or_error(((ssizeobjargproc)wrapped)(self, i, args[1]));
}

WRAPPER(delitem_index)
{
	Py_ssize_t i;

	if (!check_nargs(nargs, 1, 1) || item_index(self, args[0], &i) < 0)
		return NULL;
	return none_or_error(((ssizeobjargproc)wrapped)(self, i, NULL));
}

WRAPPER(contains)
{
	int r;

	if (!check_nargs(nargs, 1, 1))
		return NULL;
	r = ((objobjproc)wrapped)(self, args[0]);
	return r < 0 ? NULL : PyBool_FromLong(r);
}

WRAPPER(setitem)
{
	if (!check_nargs(nargs, 2, 2))
		return NULL;
	return none_or_error(((objobjargproc)wrapped)(self, args[0], args[1]));
}

WRAPPER(delitem)
{
	if (!check_nargs(nargs, 1, 1))
		return NULL;
	return none_or_error(((objobjargproc)wrapped)(self, args[0], NULL));
}

WRAPPER(call)
{
	return ((vectorcallfunc)wrapped)(self, args, (size_t)nargs, kwnames);
}

#define RICHCMP_WRAPPER(n, op)                                                              \
	WRAPPER(n)                                                                          \
	{                                                                                   \
		return check_nargs(nargs, 1, 1) ? ((richcmpfunc)wrapped)(self, args[0], op) \
						: NULL;                                     \
	}
RICHCMP_WRAPPER(lt, Py_LT)
RICHCMP_WRAPPER(le, Py_LE)
RICHCMP_WRAPPER(eq, Py_EQ)
RICHCMP_WRAPPER(ne, Py_NE)
RICHCMP_WRAPPER(gt, Py_GT)
RICHCMP_WRAPPER(ge, Py_GE)

WRAPPER(descr_get)
{
	PyObject *obj, *type;

	if (!check_nargs(nargs, 1, 2))
		return NULL;
	obj = Py_IsNone(args[0]) ? NULL : args[0];
	type = nargs < 2 || Py_IsNone(args[1]) ? NULL : args[1];
	if (!obj && !type) {
		PyErr_SetString(PyExc_TypeError, "__get__(None, None) is invalid");
		return NULL;
	}
	return ((descrgetfunc)wrapped)(self, obj, type);
}

WRAPPER(descr_set)
{
	if (!check_nargs(nargs, 2, 2))
		return NULL;
	return none_or_error(((descrsetfunc)wrapped)(self, args[0], args[1]));
}

WRAPPER(descr_delete)
{
	if (!check_nargs(nargs, 1, 1))
		return NULL;
	return none_or_error(((descrsetfunc)wrapped)(self, args[0], NULL));
}

WRAPPER(init)
{
	PyObject *tuple = _PyTuple_FromArray(args, nargs), *dict = NULL;
	int r = -1;

	if (!tuple)
		return NULL;
	if (kwnames && PyTuple_GET_SIZE(kwnames)) {
		dict = PyDict_New();
		if (!dict)
			goto out;
		for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kwnames); i++)
			if (PyDict_SetItem(dict, PyTuple_GET_ITEM(kwnames, i), args[nargs + i]) < 0)
				goto out;
	}
	r = ((initproc)wrapped)(self, tuple, dict);
out:
	Py_DECREF(tuple);
	Py_XDECREF(dict);
	return none_or_error(r);
}

WRAPPER(del)
{
	if (!check_nargs(nargs, 0, 0))
		return NULL;
	((destructor)wrapped)(self);
	Py_RETURN_NONE;
}

/* object.__setattr__(int, ...) would get around type.__setattr__: the nearest C type's own
 * function is the only one that may be called. */
static bool check_setattr(PyObject *self, setattrofunc f, const char *what)
{
	PyTypeObject *t = Py_TYPE(self);

	while (t && PyType_HasFeature(t, Py_TPFLAGS_HEAPTYPE))
		t = t->tp_base;
	if (!t || t->tp_setattro == f)
		return true;
	PyErr_Format(PyExc_TypeError, "can't apply this %s to %s object", what,
		     Py_TYPE(self)->tp_name);
	return false;
}

WRAPPER(setattr)
{
	if (!check_nargs(nargs, 2, 2) || !check_setattr(self, (setattrofunc)wrapped, "__setattr__"))
		return NULL;
	return none_or_error(((setattrofunc)wrapped)(self, args[0], args[1]));
}

WRAPPER(delattr)
{
	if (!check_nargs(nargs, 1, 1) || !check_setattr(self, (setattrofunc)wrapped, "__delattr__"))
		return NULL;
	return none_or_error(((setattrofunc)wrapped)(self, args[0], NULL));
}

/* -- slot wrapper ------------------------------------------------------------------------------ */
PyObject *_PyWrapperDescr_New(PyTypeObject *type, const struct _PySlotDef *def, void *wrapped)
{
	PyWrapperDescrObject *o = PyObject_GC_New(PyWrapperDescrObject, &PyWrapperDescr_Type);

	if (!o)
		return NULL;
	o->d_type = (PyTypeObject *)Py_NewRef(type);
	o->d_name = Py_NewRef(def->name_str);
	o->d_base = def;
	o->d_wrapped = wrapped;
	PyObject_GC_Track(o);
	return (PyObject *)o;
}

static PyObject *call_wrapper(PyWrapperDescrObject *d, PyObject *self, PyObject *const *args,
			      Py_ssize_t nargs, PyObject *kwnames)
{
	_PySlotWrapper f = d->d_base->wrapper;
	PyObject *r;

	if (kwnames && PyTuple_GET_SIZE(kwnames) && f != _PyWrap_call && f != _PyWrap_init) {
		PyErr_Format(PyExc_TypeError, "wrapper %s() takes no keyword arguments",
			     d->d_base->name);
		return NULL;
	}
	if (Py_EnterRecursiveCall(" while calling a Python object") < 0)
		return NULL;
	r = f(self, args, nargs, kwnames, d->d_wrapped);
	Py_LeaveRecursiveCall();
	return r;
}

static PyObject *wrapper_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames)
{
	PyWrapperDescrObject *d = (PyWrapperDescrObject *)o;
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);

	if (nargs < 1)
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' of '%.100s' object needs an argument",
				    d->d_name, d->d_type->tp_name);
	if (!PyObject_TypeCheck(args[0], d->d_type))
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' requires a '%.100s' object "
				    "but received a '%.100s'",
				    d->d_name, d->d_type->tp_name, Py_TYPE(args[0])->tp_name);
	return call_wrapper(d, args[0], args + 1, nargs - 1, kwnames);
}

static PyObject *wrapper_descr_get(PyObject *o, PyObject *obj, PyObject *type)
{
	PyWrapperDescrObject *d = (PyWrapperDescrObject *)o;
	PyMethodWrapperObject *w;

	if (!obj)
		return Py_NewRef(o);
	if (!PyObject_TypeCheck(obj, d->d_type))
		return PyErr_Format(PyExc_TypeError,
				    "descriptor '%U' for '%.100s' objects "
				    "doesn't apply to a '%.100s' object",
				    d->d_name, d->d_type->tp_name, Py_TYPE(obj)->tp_name);
	w = PyObject_GC_New(PyMethodWrapperObject, &PyMethodWrapper_Type);
	if (!w)
		return NULL;
	w->descr = (PyWrapperDescrObject *)Py_NewRef(o);
	w->self = Py_NewRef(obj);
	PyObject_GC_Track(w);
	return (PyObject *)w;
}

static void wrapper_dealloc(PyObject *o)
{
	PyWrapperDescrObject *d = (PyWrapperDescrObject *)o;

	PyObject_GC_UnTrack(o);
	Py_XDECREF(d->d_type);
	Py_XDECREF(d->d_name);
	PyObject_GC_Del(o);
}

static int wrapper_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((PyWrapperDescrObject *)o)->d_type);
	return 0;
}

static PyObject *wrapper_repr(PyObject *o)
{
	PyWrapperDescrObject *d = (PyWrapperDescrObject *)o;

	return PyUnicode_FromFormat("<slot wrapper '%U' of '%s' objects>", d->d_name,
				    d->d_type->tp_name);
}

static PyObject *doc_text(const struct _PySlotDef *def)
{
	return def->doc ? PyUnicode_FromString(def->doc) : Py_NewRef(Py_None);
}

static PyObject *wrapper_get_doc(PyObject *o, void *closure)
{
	return doc_text(((PyWrapperDescrObject *)o)->d_base);
}

static PyObject *wrapper_get_name(PyObject *o, void *closure)
{
	return Py_NewRef(((PyWrapperDescrObject *)o)->d_name);
}

static PyObject *qualified_name(PyWrapperDescrObject *d)
{
	PyObject *type = PyType_GetQualName(d->d_type), *r;

	if (!type)
		return NULL;
	r = PyUnicode_FromFormat("%U.%U", type, d->d_name);
	Py_DECREF(type);
	return r;
}

static PyObject *wrapper_get_qualname(PyObject *o, void *closure)
{
	return qualified_name((PyWrapperDescrObject *)o);
}

static PyObject *wrapper_get_objclass(PyObject *o, void *closure)
{
	return Py_NewRef(((PyWrapperDescrObject *)o)->d_type);
}

static PyGetSetDef wrapper_getset[] = {
	{"__doc__", wrapper_get_doc, NULL, NULL, NULL},
	{"__name__", wrapper_get_name, NULL, NULL, NULL},
	{"__qualname__", wrapper_get_qualname, NULL, NULL, NULL},
	{"__objclass__", wrapper_get_objclass, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyWrapperDescr_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "wrapper_descriptor",
	.tp_basicsize = sizeof(PyWrapperDescrObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR,
	.tp_dealloc = wrapper_dealloc,
	.tp_traverse = wrapper_traverse,
	.tp_repr = wrapper_repr,
	.tp_vectorcall = wrapper_vectorcall,
	.tp_descr_get = wrapper_descr_get,
	.tp_getset = wrapper_getset,
};

/* -- method-wrapper ---------------------------------------------------------------------------- */
static PyObject *bound_vectorcall(PyObject *o, PyObject *const *args, size_t nargsf,
				  PyObject *kwnames)
{
	PyMethodWrapperObject *w = (PyMethodWrapperObject *)o;

	return call_wrapper(w->descr, w->self, args, PyVectorcall_NARGS(nargsf), kwnames);
}

static void bound_dealloc(PyObject *o)
{
	PyMethodWrapperObject *w = (PyMethodWrapperObject *)o;

	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(w->descr);
	Py_XDECREF(w->self);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int bound_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((PyMethodWrapperObject *)o)->descr);
	Py_VISIT(((PyMethodWrapperObject *)o)->self);
	return 0;
}

static PyObject *bound_repr(PyObject *o)
{
	PyMethodWrapperObject *w = (PyMethodWrapperObject *)o;

	return PyUnicode_FromFormat("<method-wrapper '%s' of %s object at %p>",
				    w->descr->d_base->name, Py_TYPE(w->self)->tp_name, w->self);
}

static PyObject *bound_richcompare(PyObject *a, PyObject *b, int op)
{
	PyMethodWrapperObject *x = (PyMethodWrapperObject *)a, *y = (PyMethodWrapperObject *)b;
	bool same;

	if (!Py_IS_TYPE(b, &PyMethodWrapper_Type) || (op != Py_EQ && op != Py_NE))
		Py_RETURN_NOTIMPLEMENTED;
	same = x->descr == y->descr && x->self == y->self;
	return PyBool_FromLong(same == (op == Py_EQ));
}

static Py_hash_t bound_hash(PyObject *o)
{
	PyMethodWrapperObject *w = (PyMethodWrapperObject *)o;
	Py_hash_t h = _Py_HashPointer(w->self) ^ _Py_HashPointer(w->descr);

	return h == -1 ? -2 : h;
}

static PyObject *bound_get_self(PyObject *o, void *closure)
{
	return Py_NewRef(((PyMethodWrapperObject *)o)->self);
}

static PyObject *bound_get_name(PyObject *o, void *closure)
{
	return Py_NewRef(((PyMethodWrapperObject *)o)->descr->d_name);
}

static PyObject *bound_get_qualname(PyObject *o, void *closure)
{
	return qualified_name(((PyMethodWrapperObject *)o)->descr);
}

static PyObject *bound_get_doc(PyObject *o, void *closure)
{
	return doc_text(((PyMethodWrapperObject *)o)->descr->d_base);
}

static PyGetSetDef bound_getset[] = {
	{"__self__", bound_get_self, NULL, NULL, NULL},
	{"__name__", bound_get_name, NULL, NULL, NULL},
	{"__qualname__", bound_get_qualname, NULL, NULL, NULL},
	{"__doc__", bound_get_doc, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject PyMethodWrapper_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "method-wrapper",
	.tp_basicsize = sizeof(PyMethodWrapperObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = bound_dealloc,
	.tp_traverse = bound_traverse,
	.tp_repr = bound_repr,
	.tp_richcompare = bound_richcompare,
	.tp_hash = bound_hash,
	.tp_vectorcall = bound_vectorcall,
	.tp_getset = bound_getset,
};
