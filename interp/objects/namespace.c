/* SPDX-License-Identifier: BSD-2-Clause */
/* types.SimpleNamespace and mappingproxy. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

/* -- SimpleNamespace --------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *dict;
} NamespaceObject;

#define N(o) ((NamespaceObject *)(o))

static PyObject *namespace_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *o = type->tp_alloc(type, 0);

	if (o && !(N(o)->dict = PyDict_New()))
		Py_CLEAR(o);
	return o;
}

static int namespace_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	if (PyTuple_GET_SIZE(args)) {
		PyErr_Format(PyExc_TypeError, "no positional arguments expected");
		return -1;
	}
	return kwargs ? PyDict_Update(N(o)->dict, kwargs) : 0;
}

PyObject *_PyNamespace_New(PyObject *kwargs)
{
	PyObject *o = namespace_new(&_PyNamespace_Type, NULL, NULL);

	if (o && kwargs && PyDict_Update(N(o)->dict, kwargs) < 0)
		Py_CLEAR(o);
	return o;
}

static void namespace_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(N(o)->dict);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int namespace_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(N(o)->dict);
	return 0;
}

static int namespace_clear(PyObject *o)
{
	Py_CLEAR(N(o)->dict);
	return 0;
}

static PyObject *namespace_items(PyObject *o)
{
	PyObject *parts = PyList_New(0), *comma, *key, *value, *text, *r = NULL;
	Py_ssize_t pos = 0;

	while (parts && PyDict_Next(N(o)->dict, &pos, &key, &value)) {
		if (!PyUnicode_Check(key) || PyUnicode_GET_LENGTH(key) == 0)
			continue;
		Py_INCREF(key);
		Py_INCREF(value);
		text = PyUnicode_FromFormat("%U=%R", key, value);
		Py_DECREF(key);
		Py_DECREF(value);
		if (!text || PyList_Append(parts, text) < 0)
			Py_CLEAR(parts);
		Py_XDECREF(text);
	}
	comma = PyUnicode_FromString(", ");
	if (parts && comma)
		r = PyUnicode_Join(comma, parts);
	Py_XDECREF(parts);
	Py_XDECREF(comma);
	return r;
}

static PyObject *namespace_repr(PyObject *o)
{
	const char *name = Py_IS_TYPE(o, &_PyNamespace_Type) ? "namespace" : Py_TYPE(o)->tp_name;
	int entered = Py_ReprEnter(o);
	PyObject *items, *r = NULL;

	if (entered)
		return entered > 0 ? PyUnicode_FromFormat("%s(...)", name) : NULL;
	items = namespace_items(o);
	if (items)
		r = PyUnicode_FromFormat("%s(%U)", name, items);
	Py_XDECREF(items);
	Py_ReprLeave(o);
	return r;
}

static PyObject *namespace_richcompare(PyObject *a, PyObject *b, int op)
{
	if (!PyObject_TypeCheck(a, &_PyNamespace_Type) ||
	    !PyObject_TypeCheck(b, &_PyNamespace_Type))
		Py_RETURN_NOTIMPLEMENTED;
	return PyObject_RichCompare(N(a)->dict, N(b)->dict, op);
}

static PyMemberDef namespace_members[] = {
	{"__dict__", Py_T_OBJECT, offsetof(NamespaceObject, dict), Py_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject _PyNamespace_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "types.SimpleNamespace",
	.tp_basicsize = sizeof(NamespaceObject),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_dictoffset = offsetof(NamespaceObject, dict),
	.tp_doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
	.tp_dealloc = namespace_dealloc,
	.tp_traverse = namespace_traverse,
	.tp_clear = namespace_clear,
	.tp_repr = namespace_repr,
	.tp_richcompare = namespace_richcompare,
	.tp_init = namespace_init,
	.tp_new = namespace_new,
	.tp_members = namespace_members,
};

/* -- mappingproxy ------------------------------------------------------------------------------ */
typedef struct {
	PyObject_HEAD PyObject *mapping;
} ProxyObject;

#define MAPPING(o) (((ProxyObject *)(o))->mapping)

PyObject *PyDictProxy_New(PyObject *mapping)
{
	ProxyObject *p = PyObject_GC_New(ProxyObject, &PyDictProxy_Type);

	if (!p)
		return NULL;
	p->mapping = Py_NewRef(mapping);
	PyObject_GC_Track(p);
	return (PyObject *)p;
}

static PyObject *proxy_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"mapping", NULL};
	static const struct PyArgSpec spec = {"mappingproxy", names, .required = 1, .max_pos = 1};
	PyObject *mapping;

	if (PyArg_ParseDict(&spec, args, kwargs, &mapping) < 0)
		return NULL;
	if (!PyMapping_Check(mapping) || PyList_Check(mapping) || PyTuple_Check(mapping))
		return PyErr_Format(PyExc_TypeError,
				    "mappingproxy() argument must be a mapping, not %s",
				    Py_TYPE(mapping)->tp_name);
	return PyDictProxy_New(mapping);
}

static void proxy_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_DECREF(MAPPING(o));
	PyObject_GC_Del(o);
}

static int proxy_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(MAPPING(o));
	return 0;
}

static PyObject *proxy_repr(PyObject *o)
{
	return PyUnicode_FromFormat("mappingproxy(%R)", MAPPING(o));
}

static PyObject *proxy_str(PyObject *o)
{
	return PyObject_Str(MAPPING(o));
}

static Py_ssize_t proxy_length(PyObject *o)
{
	return PyObject_Size(MAPPING(o));
}

static PyObject *proxy_subscript(PyObject *o, PyObject *key)
{
	return PyObject_GetItem(MAPPING(o), key);
}

static int proxy_contains(PyObject *o, PyObject *key)
{
	return PySequence_Contains(MAPPING(o), key);
}

static PyObject *proxy_iter(PyObject *o)
{
	return PyObject_GetIter(MAPPING(o));
}

static PyObject *proxy_richcompare(PyObject *a, PyObject *b, int op)
{
	return PyObject_RichCompare(MAPPING(a), b, op);
}

static Py_hash_t proxy_hash(PyObject *o)
{
	return PyObject_Hash(MAPPING(o));
}

static PyObject *proxy_or(PyObject *a, PyObject *b)
{
	if (Py_IS_TYPE(a, &PyDictProxy_Type))
		a = MAPPING(a);
	if (Py_IS_TYPE(b, &PyDictProxy_Type))
		b = MAPPING(b);
	return PyNumber_Or(a, b);
}

/* The mapping's own method of that name does it. */
#define FORWARD(name)                                                        \
	static PyObject *proxy_##name(PyObject *o, PyObject *args)           \
	{                                                                    \
		PyObject *f = PyObject_GetAttrString(MAPPING(o), #name), *r; \
                                                                             \
		if (!f)                                                      \
			return NULL;                                         \
		r = PyObject_Call(f, args, NULL);                            \
		Py_DECREF(f);                                                \
		return r;                                                    \
	}
FORWARD(get)
FORWARD(keys)
FORWARD(values)
FORWARD(items)
FORWARD(copy)
#undef FORWARD

static PyObject *proxy_reversed(PyObject *o, PyObject *unused)
{
	return PyObject_CallMethodNoArgs(MAPPING(o), _Py_ID(__reversed__));
}

static PyMethodDef proxy_methods[] = {
	{"get", proxy_get, METH_VARARGS,
	 "Return the value for key if key is in the mapping, else "
	 "default."},
	{"keys", proxy_keys, METH_VARARGS, NULL},
	{"values", proxy_values, METH_VARARGS, NULL},
	{"items", proxy_items, METH_VARARGS, NULL},
	{"copy", proxy_copy, METH_VARARGS, NULL},
	{"__reversed__", proxy_reversed, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

PyTypeObject PyDictProxy_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "mappingproxy",
	.tp_basicsize = sizeof(ProxyObject),
	.tp_flags = Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = proxy_dealloc,
	.tp_traverse = proxy_traverse,
	.tp_repr = proxy_repr,
	.tp_str = proxy_str,
	.tp_hash = proxy_hash,
	.tp_richcompare = proxy_richcompare,
	.tp_iter = proxy_iter,
	.sq_contains = proxy_contains,
	.mp_length = proxy_length,
	.mp_subscript = proxy_subscript,
	.nb_or = proxy_or,
	.tp_new = proxy_new,
	.tp_methods = proxy_methods,
};
