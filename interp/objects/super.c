/* SPDX-License-Identifier: BSD-2-Clause */
/* super(): attributes of an instance's class from after a given class in its MRO. */
#include "objects/super.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"

typedef struct {
	PyObject_HEAD PyTypeObject *type; /* search after this one */
	PyObject *obj;                    /* or NULL: not bound */
	PyTypeObject *obj_type;           /* whose MRO is searched */
} PySuperObject;

#define S(o) ((PySuperObject *)(o))

int (*_Py_super_args_hook)(PyTypeObject **type, PyObject **obj);

static void super_dealloc(PyObject *o)
{
	PyObject_GC_UnTrack(o);
	Py_XDECREF(S(o)->obj);
	Py_XDECREF(S(o)->type);
	Py_XDECREF(S(o)->obj_type);
	Py_TYPE(o)->tp_free(o);
}

static int super_traverse(PyObject *o, visitproc visit, void *arg)
{
	Py_VISIT(S(o)->obj);
	Py_VISIT(S(o)->type);
	Py_VISIT(S(o)->obj_type);
	return 0;
}

static PyObject *super_repr(PyObject *o)
{
	const char *type = S(o)->type ? S(o)->type->tp_name : "NULL";

	if (S(o)->obj_type)
		return PyUnicode_FromFormat("<super: <class '%s'>, <%s object>>", type,
					    S(o)->obj_type->tp_name);
	return PyUnicode_FromFormat("<super: <class '%s'>, NULL>", type);
}

/* Found after s->type: new reference, bound. NULL without an exception when there is none. */
static PyObject *find(PySuperObject *s, PyObject *name)
{
	PyObject *mro = s->obj_type->tp_mro, *r = NULL;
	Py_ssize_t n, i = 0;

	if (!mro)
		return NULL;
	n = PyTuple_GET_SIZE(mro);
	while (i < n && PyTuple_GET_ITEM(mro, i) != (PyObject *)s->type)
		i++;
	Py_INCREF(mro);
	for (i++; i < n && !r; i++) {
		PyTypeObject *t = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
		PyObject *attr = Py_XNewRef(_PyType_DictGet(t->tp_dict, name));
		descrgetfunc get;

		if (!attr)
			continue;
		get = Py_TYPE(attr)->tp_descr_get;
		if (!get) {
			r = attr;
			break;
		}
		/* Bound to a class itself the descriptor gets no instance. */
		r = get(attr, s->obj == (PyObject *)s->obj_type ? NULL : s->obj,
			(PyObject *)s->obj_type);
		Py_DECREF(attr);
		if (!r)
			break;
	}
	Py_DECREF(mro);
	return r;
}

static PyObject *super_getattro(PyObject *o, PyObject *name)
{
	PyObject *r;

	/* __class__ is super's own, not the one of the object. */
	if (!S(o)->obj_type || !PyUnicode_Check(name) || _PyUnicode_EQ(name, _Py_ID(__class__)))
		return PyObject_GenericGetAttr(o, name);
	r = find(S(o), name);
	return r || PyErr_Occurred() ? r : PyObject_GenericGetAttr(o, name);
}

/* The class whose MRO is searched for obj: new reference, or NULL with TypeError. */
static PyTypeObject *check(PyTypeObject *type, PyObject *obj)
{
	PyObject *cls;

	if (PyType_Check(obj) && PyType_IsSubtype((PyTypeObject *)obj, type))
		return (PyTypeObject *)Py_NewRef(obj);
	if (PyType_IsSubtype(Py_TYPE(obj), type))
		return (PyTypeObject *)Py_NewRef(Py_TYPE(obj));
	if (_PyObject_LookupAttr(obj, _Py_ID(__class__), &cls) < 0)
		return NULL;
	if (cls && PyType_Check(cls) && cls != (PyObject *)Py_TYPE(obj) &&
	    PyType_IsSubtype((PyTypeObject *)cls, type))
		return (PyTypeObject *)cls;
	Py_XDECREF(cls);
	PyErr_SetString(PyExc_TypeError,
			"super(type, obj): obj must be an instance or subtype of type");
	return NULL;
}

static int bind(PyObject *o, PyTypeObject *type, PyObject *obj)
{
	PyTypeObject *obj_type = NULL;

	if (obj && Py_IsNone(obj))
		obj = NULL;
	if (obj && !(obj_type = check(type, obj)))
		return -1;
	Py_INCREF(type);
	Py_XSETREF(S(o)->type, (PyTypeObject *)type);
	Py_XINCREF(obj);
	Py_XSETREF(S(o)->obj, obj);
	Py_XSETREF(S(o)->obj_type, obj_type);
	return 0;
}

static int super_init(PyObject *o, PyObject *args, PyObject *kwargs)
{
	PyObject *type = NULL, *obj = NULL;
	PyTypeObject *found;

	if (!PyArg_NoKeywords("super", kwargs) ||
	    !PyArg_UnpackTuple(args, "super", 0, 2, &type, &obj))
		return -1;
	if (!type) {
		if (!_Py_super_args_hook) {
			PyErr_SetString(PyExc_RuntimeError, "super(): no current frame");
			return -1;
		}
		if (_Py_super_args_hook(&found, &obj) < 0)
			return -1;
		type = (PyObject *)found;
	}
	if (!PyType_Check(type)) {
		PyErr_Format(PyExc_TypeError, "super() argument 1 must be a type, not %.200s",
			     Py_TYPE(type)->tp_name);
		return -1;
	}
	return bind(o, (PyTypeObject *)type, obj);
}

/* super() as it is nearly always called: no tuple, no dict. */
static PyObject *super_construct(PyObject *callable, PyObject *const *args, size_t nargsf,
				 PyObject *kwnames)
{
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	PyObject *o, *obj = nargs > 1 ? args[1] : NULL;
	PyTypeObject *type;

	if (!PyArg_NoKwnames("super", kwnames) || !PyArg_CheckPositional("super", nargs, 0, 2))
		return NULL;
	if (nargs == 0) {
		if (!_Py_super_args_hook)
			return PyErr_Format(PyExc_RuntimeError, "super(): no current frame");
		if (_Py_super_args_hook(&type, &obj) < 0)
			return NULL;
	} else if (PyType_Check(args[0])) {
		type = (PyTypeObject *)args[0];
	} else {
		return PyErr_Format(PyExc_TypeError,
				    "super() argument 1 must be a type, not %.200s",
				    Py_TYPE(args[0])->tp_name);
	}
	o = PyType_GenericAlloc(&PySuper_Type, 0);
	if (o && bind(o, type, obj) < 0)
		Py_CLEAR(o);
	return o;
}

static PyObject *super_descr_get(PyObject *o, PyObject *obj, PyObject *type)
{
	PyObject *r;

	if (!obj || Py_IsNone(obj) || S(o)->obj)
		return Py_NewRef(o);
	if (!Py_IS_TYPE(o, &PySuper_Type))
		return PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(o), (PyObject *)S(o)->type,
						    obj, NULL);
	r = PyType_GenericAlloc(&PySuper_Type, 0);
	if (r && bind(r, S(o)->type, obj) < 0)
		Py_CLEAR(r);
	return r;
}

static PyMemberDef super_members[] = {
	{"__thisclass__", Py_T_OBJECT, offsetof(PySuperObject, type), Py_READONLY,
	 "the class invoking super()"},
	{"__self__", Py_T_OBJECT, offsetof(PySuperObject, obj), Py_READONLY,
	 "the instance invoking super(); may be None"},
	{"__self_class__", Py_T_OBJECT, offsetof(PySuperObject, obj_type), Py_READONLY,
	 "the type of the instance invoking super(); may be None"},
	{NULL, 0, 0, 0, NULL},
};

PyTypeObject PySuper_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "super",
	.tp_basicsize = sizeof(PySuperObject),
	.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = super_dealloc,
	.tp_traverse = super_traverse,
	.tp_repr = super_repr,
	.tp_getattro = super_getattro,
	.tp_descr_get = super_descr_get,
	.tp_init = super_init,
	.tp_new = PyType_GenericNew,
	.tp_construct = super_construct,
	.tp_members = super_members,
};
