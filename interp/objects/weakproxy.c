/* SPDX-License-Identifier: BSD-2-Clause */
/* weakref.proxy: a weak reference that stands for its object in every operation. */
#include "objects/weakref.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/names.h"
#include "objects/unicode.h"

#define is_proxy(o) \
	(Py_IS_TYPE(o, &_PyWeakref_ProxyType) || Py_IS_TYPE(o, &_PyWeakref_CallableProxyType))

PyObject *PyWeakref_NewProxy(PyObject *o, PyObject *callback)
{
	return _PyWeakref_Make(PyCallable_Check(o) ? &_PyWeakref_CallableProxyType
						   : &_PyWeakref_ProxyType,
			       o, callback);
}

/* What o stands for, or o itself; new reference. */
static PyObject *behind(PyObject *o)
{
	if (o && is_proxy(o)) {
		o = PyWeakref_GetObject(o);
		if (Py_IsNone(o)) {
			PyErr_SetString(PyExc_ReferenceError,
					"weakly-referenced object no longer exists");
			return NULL;
		}
	}
	return Py_XNewRef(o);
}

#define UNARY(name, call)                              \
	static PyObject *name(PyObject *self)          \
	{                                              \
		PyObject *o = behind(self);            \
		PyObject *result = o ? call(o) : NULL; \
                                                       \
		Py_XDECREF(o);                         \
		return result;                         \
	}

#define BINARY(name, call)                                          \
	static PyObject *name(PyObject *a, PyObject *b)             \
	{                                                           \
		PyObject *x = behind(a), *y = x ? behind(b) : NULL; \
		PyObject *result = y ? call(x, y) : NULL;           \
                                                                    \
		Py_XDECREF(x);                                      \
		Py_XDECREF(y);                                      \
		return result;                                      \
	}

#define POWER(name, call)                                            \
	static PyObject *name(PyObject *a, PyObject *b, PyObject *c) \
	{                                                            \
		PyObject *x = behind(a), *y = x ? behind(b) : NULL;  \
		PyObject *z = y ? behind(c ? c : Py_None) : NULL;    \
		PyObject *result = z ? call(x, y, z) : NULL;         \
                                                                     \
		Py_XDECREF(x);                                       \
		Py_XDECREF(y);                                       \
		Py_XDECREF(z);                                       \
		return result;                                       \
	}

/* clang-format off */
#define NUMBER_OPS(OP) \
	OP(add, Add) \
	OP(subtract, Subtract) \
	OP(multiply, Multiply) \
	OP(remainder, Remainder) \
	OP(lshift, Lshift) \
	OP(rshift, Rshift) \
	OP(and, And) \
	OP(xor, Xor) \
	OP(or, Or) \
	OP(floor_divide, FloorDivide) \
	OP(true_divide, TrueDivide) \
	OP(matrix_multiply, MatrixMultiply)
/* clang-format on */
#define BINARY_PAIR(slot, Name)               \
	BINARY(proxy_##slot, PyNumber_##Name) \
	BINARY(proxy_i##slot, PyNumber_InPlace##Name)
NUMBER_OPS(BINARY_PAIR)
#undef BINARY_PAIR
BINARY(proxy_divmod, PyNumber_Divmod)
BINARY(proxy_getattr, PyObject_GetAttr)
BINARY(proxy_getitem, PyObject_GetItem)
POWER(proxy_power, PyNumber_Power)
POWER(proxy_ipower, PyNumber_InPlacePower)
UNARY(proxy_negative, PyNumber_Negative)
UNARY(proxy_positive, PyNumber_Positive)
UNARY(proxy_absolute, PyNumber_Absolute)
UNARY(proxy_invert, PyNumber_Invert)
UNARY(proxy_int, PyNumber_Long)
UNARY(proxy_float, PyNumber_Float)
UNARY(proxy_index, PyNumber_Index)
UNARY(proxy_str, PyObject_Str)
UNARY(proxy_iter, PyObject_GetIter)

static PyObject *proxy_iternext(PyObject *self)
{
	PyObject *o = behind(self), *result = NULL;

	if (o && !PyIter_Check(o))
		PyErr_Format(PyExc_TypeError,
			     "Weakref proxy referenced a non-iterator '%.200s' object",
			     Py_TYPE(o)->tp_name);
	else if (o)
		result = Py_TYPE(o)->tp_iternext(o);
	Py_XDECREF(o);
	return result;
}

static PyObject *proxy_richcompare(PyObject *a, PyObject *b, int op)
{
	PyObject *x = behind(a), *y = x ? behind(b) : NULL;
	PyObject *result = y ? PyObject_RichCompare(x, y, op) : NULL;

	Py_XDECREF(x);
	Py_XDECREF(y);
	return result;
}

static PyObject *proxy_repr(PyObject *self)
{
	PyObject *o = PyWeakref_GetObject(self);

	return PyUnicode_FromFormat("<weakproxy at %p to %s at %p>", self, Py_TYPE(o)->tp_name, o);
}

static int proxy_bool(PyObject *self)
{
	PyObject *o = behind(self);
	int truth = o ? PyObject_IsTrue(o) : -1;

	Py_XDECREF(o);
	return truth;
}

static Py_ssize_t proxy_length(PyObject *self)
{
	PyObject *o = behind(self);
	Py_ssize_t n = o ? PyObject_Size(o) : -1;

	Py_XDECREF(o);
	return n;
}

static int proxy_contains(PyObject *self, PyObject *item)
{
	PyObject *o = behind(self);
	int found = o ? PySequence_Contains(o, item) : -1;

	Py_XDECREF(o);
	return found;
}

static int proxy_setattr(PyObject *self, PyObject *name, PyObject *value)
{
	PyObject *o = behind(self);
	int status = o ? PyObject_SetAttr(o, name, value) : -1;

	Py_XDECREF(o);
	return status;
}

static int proxy_setitem(PyObject *self, PyObject *key, PyObject *value)
{
	PyObject *o = behind(self);
	int status = !o ? -1 : value ? PyObject_SetItem(o, key, value) : PyObject_DelItem(o, key);

	Py_XDECREF(o);
	return status;
}

static PyObject *proxy_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
	PyObject *o = behind(self);
	PyObject *result = o ? PyObject_Vectorcall(o, args, nargsf, kwnames) : NULL;

	Py_XDECREF(o);
	return result;
}

static PyObject *proxy_bytes(PyObject *self, PyObject *unused)
{
	PyObject *o = behind(self);
	PyObject *result = o ? PyObject_Bytes(o) : NULL;

	Py_XDECREF(o);
	return result;
}

static PyObject *proxy_reversed(PyObject *self, PyObject *unused)
{
	PyObject *o = behind(self), *method, *result = NULL;

	method = o ? PyObject_GetAttrString(o, "__reversed__") : NULL;
	if (method)
		result = PyObject_CallNoArgs(method);
	Py_XDECREF(method);
	Py_XDECREF(o);
	return result;
}

static PyMethodDef proxy_methods[] = {
	{"__bytes__", proxy_bytes, METH_NOARGS, NULL},
	{"__reversed__", proxy_reversed, METH_NOARGS, NULL},
	{0},
};

#define NUMBER_SLOTS(slot, Name) .nb_##slot = proxy_##slot, .nb_inplace_##slot = proxy_i##slot,
#define PROXY_TYPE(name, call)                                                                \
	{                                                                                     \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                       \
			.tp_name = "weakref." name, .tp_basicsize = _PY_WEAKREF_SIZE,         \
			.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                  \
			.tp_dealloc = _PyWeakref_Dealloc, .tp_traverse = _PyWeakref_Traverse, \
			.tp_repr = proxy_repr, .tp_str = proxy_str,                           \
			.tp_hash = PyObject_HashNotImplemented, .tp_getattro = proxy_getattr, \
			.tp_setattro = proxy_setattr, .tp_richcompare = proxy_richcompare,    \
			.tp_iter = proxy_iter, .tp_iternext = proxy_iternext,                 \
			.tp_vectorcall = call, .tp_methods = proxy_methods,                   \
			NUMBER_OPS(NUMBER_SLOTS).nb_divmod = proxy_divmod,                    \
			.nb_power = proxy_power, .nb_inplace_power = proxy_ipower,            \
			.nb_negative = proxy_negative, .nb_positive = proxy_positive,         \
			.nb_absolute = proxy_absolute, .nb_invert = proxy_invert,             \
			.nb_bool = proxy_bool, .nb_int = proxy_int, .nb_float = proxy_float,  \
			.nb_index = proxy_index, .sq_length = proxy_length,                   \
			.sq_contains = proxy_contains, .mp_length = proxy_length,             \
			.mp_subscript = proxy_getitem, .mp_ass_subscript = proxy_setitem,     \
	}

PyTypeObject _PyWeakref_ProxyType = PROXY_TYPE("ProxyType", NULL);
PyTypeObject _PyWeakref_CallableProxyType = PROXY_TYPE("CallableProxyType", proxy_call);
