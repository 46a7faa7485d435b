/* SPDX-License-Identifier: BSD-2-Clause */
/* itemgetter, attrgetter, methodcaller: callables that remember what to get of their argument. */
#include "lib/operator.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

/* One struct for the three. */
typedef struct {
	PyObject_HEAD PyObject *args; /* tuple: what it was made with */
	PyObject *kwargs;             /* methodcaller: dict, or NULL for none */
	PyObject *paths;              /* attrgetter: for each name a tuple of its parts */
	Py_ssize_t index;             /* itemgetter: the one item as an index of a tuple, or -1 */
} GetterObject;

#define G(o) ((GetterObject *)(o))

static void getter_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) Py_XDECREF(G(o)->args);
	Py_XDECREF(G(o)->kwargs);
	Py_XDECREF(G(o)->paths);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

static int getter_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(G(o)->args);
	Py_VISIT(G(o)->kwargs);
	Py_VISIT(G(o)->paths);
	return 0;
}

static PyObject *getter_make(PyTypeObject *type, PyObject *args)
{
	GetterObject *g = (GetterObject *)type->tp_alloc(type, 0);

	if (g) {
		g->args = Py_NewRef(args);
		g->index = -1;
	}
	return (PyObject *)g;
}

/* Of what a getter is called with: its one argument, borrowed, or NULL with TypeError. */
static inline PyObject *only_argument(const char *name, PyObject *const *args, size_t nargsf,
				      PyObject *kwnames)
{
	if (PyVectorcall_NARGS(nargsf) == 1 && !kwnames)
		return args[0];
	if (!PyArg_NoKwnames(name, kwnames) ||
	    !PyArg_CheckPositional(name, PyVectorcall_NARGS(nargsf), 1, 1))
		return NULL;
	return args[0];
}

/* get(getter, o, i) for each of the n arguments of the getter: the one result, or a tuple. */
static PyObject *get_all(GetterObject *g, PyObject *o,
			 PyObject *(*get)(GetterObject *, PyObject *, Py_ssize_t))
{
	Py_ssize_t n = PyTuple_GET_SIZE(g->args);
	PyObject *results;

	if (n == 1)
		return get(g, o, 0);
	results = PyTuple_New(n);
	for (Py_ssize_t i = 0; results && i < n; i++) {
		PyObject *result = get(g, o, i);

		if (!result)
			Py_CLEAR(results);
		else
			PyTuple_SET_ITEM(results, i, result);
	}
	return results;
}

static PyObject *getter_repr(PyObject *o)
{
	int inside = Py_ReprEnter(o);
	PyObject *ret;

	if (inside != 0)
		return inside < 0 ? NULL : PyUnicode_FromFormat("%s(...)", Py_TYPE(o)->tp_name);
	ret = _PyRepr_Call(Py_TYPE(o)->tp_name, G(o)->args, G(o)->kwargs);
	Py_ReprLeave(o);
	return ret;
}

static PyObject *getter_reduce(PyObject *o, PyObject *unused)
{
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), Py_NewRef(G(o)->args));
}

#define GETTER_TYPE(Type, name, reduce, doc)                                                  \
	static PyMethodDef name##_methods[] = {                                               \
		{"__reduce__", reduce, METH_NOARGS, "Return state information for pickling"}, \
		{0},                                                                          \
	};                                                                                    \
	PyTypeObject Type = {                                                                 \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                       \
		.tp_name = "operator." #name,                                                 \
		.tp_basicsize = sizeof(GetterObject),                                         \
		.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                          \
		.tp_doc = doc,                                                                \
		.tp_dealloc = getter_dealloc,                                                 \
		.tp_free = PyObject_GC_Del,                                                   \
		.tp_traverse = getter_traverse,                                               \
		.tp_repr = getter_repr,                                                       \
		.tp_vectorcall = name##_call,                                                 \
		.tp_new = name##_new,                                                         \
		.tp_methods = name##_methods,                                                 \
	};

/* -- itemgetter -------------------------------------------------------------------------------- */
static PyObject *itemgetter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *getter;
	int64_t index;

	if (!PyArg_NoKeywords("itemgetter", kwargs) ||
	    !PyArg_CheckPositional("itemgetter", PyTuple_GET_SIZE(args) ? 1 : 0, 1, 1))
		return NULL;
	getter = getter_make(type, args);
	if (getter && PyTuple_GET_SIZE(args) == 1 && PyLong_CheckExact(PyTuple_GET_ITEM(args, 0)) &&
	    _PyLong_GetInt64(PyTuple_GET_ITEM(args, 0), &index) && index >= 0)
		G(getter)->index = index;
	return getter;
}

static PyObject *item_at(GetterObject *g, PyObject *o, Py_ssize_t i)
{
	return PyObject_GetItem(o, PyTuple_GET_ITEM(g->args, i));
}

static PyObject *itemgetter_call(PyObject *self, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	PyObject *o = only_argument("itemgetter", args, nargsf, kwnames);

	if (!o)
		return NULL;
	if (G(self)->index >= 0 && PyTuple_CheckExact(o) && G(self)->index < PyTuple_GET_SIZE(o))
		return Py_NewRef(PyTuple_GET_ITEM(o, G(self)->index));
	return get_all(G(self), o, item_at);
}

GETTER_TYPE(_PyItemGetter_Type, itemgetter, getter_reduce,
	    "itemgetter(item, ...) --> f so that f(r) is r[item], or a tuple of them")

/* -- attrgetter -------------------------------------------------------------------------------- */
/* "a.b" as a tuple of interned names. */
static PyObject *path_of(PyObject *name)
{
	PyObject *dot, *parts, *path;

	if (!PyUnicode_Check(name))
		return PyErr_Format(PyExc_TypeError, "attribute name must be a string");
	dot = PyUnicode_FromString(".");
	parts = dot ? PyUnicode_Split(name, dot, -1) : NULL;
	path = parts ? PyList_AsTuple(parts) : NULL;
	for (Py_ssize_t i = 0; path && i < PyTuple_GET_SIZE(path); i++)
		PyUnicode_InternInPlace(&PyTuple_GET_ITEM(path, i));
	Py_XDECREF(dot);
	Py_XDECREF(parts);
	return path;
}

static PyObject *attrgetter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	Py_ssize_t n = PyTuple_GET_SIZE(args);
	PyObject *paths, *getter = NULL;

	if (!PyArg_NoKeywords("attrgetter", kwargs) ||
	    !PyArg_CheckPositional("attrgetter", n ? 1 : 0, 1, 1))
		return NULL;
	paths = PyTuple_New(n);
	for (Py_ssize_t i = 0; paths && i < n; i++) {
		PyObject *path = path_of(PyTuple_GET_ITEM(args, i));

		if (!path)
			Py_CLEAR(paths);
		else
			PyTuple_SET_ITEM(paths, i, path);
	}
	if (paths)
		getter = getter_make(type, args);
	if (getter)
		G(getter)->paths = paths;
	else
		Py_XDECREF(paths);
	return getter;
}

static PyObject *attribute_at(GetterObject *g, PyObject *o, Py_ssize_t i)
{
	PyObject *path = PyTuple_GET_ITEM(g->paths, i), *value = Py_NewRef(o);

	for (Py_ssize_t k = 0; value && k < PyTuple_GET_SIZE(path); k++)
		Py_SETREF(value, PyObject_GetAttr(value, PyTuple_GET_ITEM(path, k)));
	return value;
}

static PyObject *attrgetter_call(PyObject *self, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	PyObject *o = only_argument("attrgetter", args, nargsf, kwnames);

	return o ? get_all(G(self), o, attribute_at) : NULL;
}

GETTER_TYPE(
	_PyAttrGetter_Type, attrgetter, getter_reduce,
	"attrgetter(attr, ...) --> f so that f(r) is r.attr, or a tuple of them; \"a.b\" is r.a.b")

/* -- methodcaller ------------------------------------------------------------------------------ */
static PyObject *methodcaller_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *name, *own, *getter;

	if (PyTuple_GET_SIZE(args) < 1)
		return PyErr_Format(PyExc_TypeError,
				    "methodcaller needs at least one argument, the method name");
	name = PyTuple_GET_ITEM(args, 0);
	if (!PyUnicode_Check(name))
		return PyErr_Format(PyExc_TypeError, "method name must be a string");
	own = _PyTuple_FromArray(((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args));
	if (own && PyUnicode_CheckExact(name))
		PyUnicode_InternInPlace(&PyTuple_GET_ITEM(own, 0));
	getter = own ? getter_make(type, own) : NULL;
	Py_XDECREF(own);
	if (getter && kwargs && PyDict_GET_SIZE(kwargs) > 0) {
		G(getter)->kwargs = PyDict_Copy(kwargs);
		if (!G(getter)->kwargs)
			Py_CLEAR(getter);
	}
	return getter;
}

enum { FEW = 8 };

static PyObject *methodcaller_call(PyObject *self, PyObject *const *args, size_t nargsf,
				   PyObject *kwnames)
{
	PyObject *o = only_argument("methodcaller", args, nargsf, kwnames), *ret, *method;
	PyObject *few[FEW], **all = few, **own = ((PyTupleObject *)G(self)->args)->ob_item;
	Py_ssize_t n = PyTuple_GET_SIZE(G(self)->args);

	if (!o)
		return NULL;
	if (G(self)->kwargs) {
		method = PyObject_GetAttr(o, own[0]);
		ret = method ? PyObject_VectorcallDict(method, own + 1, (size_t)n - 1,
						       G(self)->kwargs)
			     : NULL;
		Py_XDECREF(method);
		return ret;
	}
	if (n > FEW && !(all = PyMem_Malloc((size_t)n * sizeof(*all))))
		return PyErr_NoMemory();
	all[0] = o;
	memcpy(all + 1, own + 1, (size_t)(n - 1) * sizeof(*all));
	ret = PyObject_VectorcallMethod(own[0], all, (size_t)n, NULL);
	if (all != few)
		PyMem_Free(all);
	return ret;
}

/* With keywords: partial(methodcaller, name, **kwargs)(*args). */
static PyObject *methodcaller_reduce(PyObject *o, PyObject *unused)
{
	PyObject *args = G(o)->args, *functools, *partial, *maker = NULL;

	if (!G(o)->kwargs)
		return getter_reduce(o, NULL);
	functools = PyImport_ImportModule("functools");
	partial = functools ? PyObject_GetAttrString(functools, "partial") : NULL;
	if (partial)
		maker = PyObject_VectorcallDict(
			partial, (PyObject *[]){(PyObject *)Py_TYPE(o), PyTuple_GET_ITEM(args, 0)},
			2, G(o)->kwargs);
	Py_XDECREF(functools);
	Py_XDECREF(partial);
	return _PyTuple_OF(maker, PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args)));
}

GETTER_TYPE(_PyMethodCaller_Type, methodcaller, methodcaller_reduce,
	    "methodcaller(name, ...) --> f so that f(r) is r.name(...)")
