/* SPDX-License-Identifier: BSD-2-Clause */
/* The _functools module: reduce, cmp_to_key, and the types partial and _lru_cache_wrapper. */
#include "lib/functools.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/iter.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/type.h"

/* -- reduce ------------------------------------------------------------------------------------ */
static PyObject *reduce(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *it, *total = NULL, *item;

	if (!PyArg_CheckPositional("reduce", nargs, 2, 3))
		return NULL;
	it = PyObject_GetIter(args[1]);
	if (!it) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_SetString(PyExc_TypeError, "reduce() arg 2 must support iteration");
		return NULL;
	}
	if (nargs > 2)
		total = Py_NewRef(args[2]);
	while ((item = _PyIter_Step(it))) {
		if (total) {
			PyObject *both[] = {total, item};

			total = PyObject_Vectorcall(args[0], both, 2, NULL);
			Py_DECREF(both[0]);
			Py_DECREF(item);
			if (!total)
				break;
		} else {
			total = item;
		}
	}
	Py_DECREF(it);
	if (PyErr_Occurred() && !_PyIter_Ended())
		Py_CLEAR(total);
	else if (!total)
		PyErr_SetString(PyExc_TypeError,
				"reduce() of empty iterable with no initial value");
	return total;
}

/* -- cmp_to_key -------------------------------------------------------------------------------- */
/* Both what cmp_to_key gives, which is called with an object, and what that gives. */
typedef struct {
	PyObject_HEAD PyObject *cmp;
	PyObject *object; /* NULL in the former */
} KeyObject;

static PyTypeObject key_type;

static PyObject *key_make(PyObject *cmp, PyObject *object)
{
	KeyObject *k = PyObject_GC_New(KeyObject, &key_type);

	if (!k)
		return NULL;
	k->cmp = Py_NewRef(cmp);
	k->object = Py_XNewRef(object);
	PyObject_GC_Track(k);
	return (PyObject *)k;
}

static void key_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(((KeyObject *)o)->cmp);
	Py_XDECREF(((KeyObject *)o)->object);
	PyObject_GC_Del(o);
	Py_TRASHCAN_END
}

static int key_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(((KeyObject *)o)->cmp);
	Py_VISIT(((KeyObject *)o)->object);
	return 0;
}

static int key_clear(PyObject *o)
{
	Py_CLEAR(((KeyObject *)o)->object);
	return 0;
}

static PyObject *key_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
	static const char *const names[] = {"obj", NULL};
	static const struct PyArgSpec spec = {"K", names, .required = 1, .max_pos = 1};
	PyObject *object;

	if (PyArg_Parse(&spec, args, PyVectorcall_NARGS(nargsf), kwnames, &object) < 0)
		return NULL;
	return key_make(((KeyObject *)self)->cmp, object);
}

static PyObject *key_compare(PyObject *v, PyObject *w, int op)
{
	KeyObject *a = (KeyObject *)v, *b = (KeyObject *)w;
	PyObject *both[2], *order, *ret;

	if (!Py_IS_TYPE(w, &key_type))
		return PyErr_Format(PyExc_TypeError, "other argument must be K instance");
	if (!a->object || !b->object)
		return PyErr_Format(PyExc_AttributeError, "object");
	both[0] = Py_NewRef(a->object);
	both[1] = Py_NewRef(b->object);
	order = PyObject_Vectorcall(a->cmp, both, 2, NULL);
	Py_DECREF(both[0]);
	Py_DECREF(both[1]);
	if (!order)
		return NULL;
	ret = PyObject_RichCompare(order, _PyLong_Zero(), op);
	Py_DECREF(order);
	return ret;
}

static PyMemberDef key_members[] = {
	{"obj", Py_T_OBJECT, offsetof(KeyObject, object), 0, "Value wrapped by a key function."},
	{0},
};

static PyTypeObject key_type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "functools.KeyWrapper",
	.tp_basicsize = sizeof(KeyObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = key_dealloc,
	.tp_free = PyObject_GC_Del,
	.tp_traverse = key_traverse,
	.tp_clear = key_clear,
	.tp_hash = PyObject_HashNotImplemented,
	.tp_vectorcall = key_call,
	.tp_richcompare = key_compare,
	.tp_members = key_members,
};

static PyObject *cmp_to_key(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			    PyObject *kwnames)
{
	static const char *const names[] = {"mycmp", NULL};
	static const struct PyArgSpec spec = {"cmp_to_key", names, .required = 1, .max_pos = 1};
	PyObject *cmp;

	return PyArg_Parse(&spec, args, nargs, kwnames, &cmp) < 0 ? NULL : key_make(cmp, NULL);
}

/* -- The module -------------------------------------------------------------------------------- */
#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef functools_methods[] = {
	{"reduce", FAST(reduce), METH_FASTCALL,
	 "reduce(function, iterable[, initial]) --> f(f(f(first, second), third), ...)"},
	{"cmp_to_key", FAST(cmp_to_key), METH_FASTCALL | METH_KEYWORDS,
	 "Convert a cmp= function into a key= function."},
	{0},
};

PyObject *_PyFunctools_Init(void)
{
	PyObject *module = PyModule_New("_functools");

	if (module &&
	    (PyModule_AddFunctions(module, functools_methods) < 0 || PyType_Ready(&key_type) < 0 ||
	     PyType_Ready(&_PyLruLink_Type) < 0 || PyModule_AddType(module, &_PyPartial_Type) < 0 ||
	     PyModule_AddType(module, &_PyLruCache_Type) < 0))
		Py_CLEAR(module);
	return module;
}
