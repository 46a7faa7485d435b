/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slot functions: what a class with special methods has in its slots, and the table that ties
 * methods and slots together.
 *
 * A slot of a class is the C function of the nearest C type when all its methods are still that
 * type's own, and the slot function, which looks the method up, as soon as one is not.
 */
#include "objects/slots.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "objects/unicode.h"

static struct _PySlotDef slot_defs[];

/* -- Calling special methods ------------------------------------------------------------------- */
/* args[0] is self. maybe: NotImplemented when there is no such method. */
static PyObject *call_special(PyObject *name, PyObject *const *args, Py_ssize_t n, bool maybe)
{
	PyObject *func, *r;
	int unbound = _PyObject_LookupSpecialMethod(args[0], name, &func);

	if (!func) {
		if (PyErr_Occurred())
			return NULL;
		if (maybe)
			Py_RETURN_NOTIMPLEMENTED;
		PyErr_SetObject(PyExc_AttributeError, name);
		return NULL;
	}
	r = unbound ? PyObject_Vectorcall(func, args, (size_t)n, NULL)
		    : PyObject_Vectorcall(func, args + 1, (size_t)(n - 1), NULL);
	Py_DECREF(func);
	return r;
}

/* The method is None in the class: it says that it has none. */
static bool is_blocked(PyObject *self, PyObject *name)
{
	return _PyType_Lookup(Py_TYPE(self), name) == Py_None;
}

static PyObject *call1(PyObject *self, PyObject *name)
{
	return call_special(name, &self, 1, false);
}

static PyObject *call2(PyObject *self, PyObject *name, PyObject *a)
{
	PyObject *args[] = {self, a};

	return call_special(name, args, 2, false);
}

static PyObject *call3(PyObject *self, PyObject *name, PyObject *a, PyObject *b)
{
	PyObject *args[] = {self, a, b};

	return call_special(name, args, 3, false);
}

static PyObject *call2_maybe(PyObject *self, PyObject *name, PyObject *a)
{
	PyObject *args[] = {self, a};

	return call_special(name, args, 2, true);
}

static int status(PyObject *result)
{
	if (!result)
		return -1;
	Py_DECREF(result);
	return 0;
}

/* -- Unary, in place, binary ------------------------------------------------------------------- */
#define UNARY(slot, dunder)                          \
	static PyObject *slot_##slot(PyObject *self) \
	{                                            \
		return call1(self, _Py_ID(dunder));  \
	}
UNARY(tp_repr, __repr__)
UNARY(tp_str, __str__)
UNARY(tp_iternext, __next__)
UNARY(nb_negative, __neg__)
UNARY(nb_positive, __pos__)
UNARY(nb_absolute, __abs__)
UNARY(nb_invert, __invert__)
UNARY(nb_int, __int__)
UNARY(nb_float, __float__)
UNARY(nb_index, __index__)
UNARY(am_await, __await__)
UNARY(am_aiter, __aiter__)
UNARY(am_anext, __anext__)

#define INPLACE(slot, dunder)                                         \
	static PyObject *slot_##slot(PyObject *self, PyObject *other) \
	{                                                             \
		return call2(self, _Py_ID(dunder), other);            \
	}
INPLACE(nb_inplace_add, __iadd__)
INPLACE(nb_inplace_subtract, __isub__)
INPLACE(nb_inplace_multiply, __imul__)
INPLACE(nb_inplace_remainder, __imod__)
INPLACE(nb_inplace_lshift, __ilshift__)
INPLACE(nb_inplace_rshift, __irshift__)
INPLACE(nb_inplace_and, __iand__)
INPLACE(nb_inplace_xor, __ixor__)
INPLACE(nb_inplace_or, __ior__)
INPLACE(nb_inplace_floor_divide, __ifloordiv__)
INPLACE(nb_inplace_true_divide, __itruediv__)
INPLACE(nb_inplace_matrix_multiply, __imatmul__)

static PyObject *slot_nb_inplace_power(PyObject *self, PyObject *other, PyObject *mod)
{
	return call2(self, _Py_ID(__ipow__), other);
}

/* Whether b's class has a reflected method of its own, not just the one of a's class. */
static bool is_overloaded(PyObject *a, PyObject *b, PyObject *name)
{
	PyObject *theirs = _PyType_Lookup(Py_TYPE(b), name);

	return theirs && theirs != _PyType_Lookup(Py_TYPE(a), name);
}

/* offset: the slot; function: what is in it when a class defines the methods. */
static PyObject *binary(PyObject *self, PyObject *other, size_t offset, void *function,
			PyObject *name, PyObject *rname)
{
	PyTypeObject *t = Py_TYPE(self), *u = Py_TYPE(other);
	bool reflect = t != u && _PyType_SLOT(u, offset) == function;
	PyObject *r;

	if (_PyType_SLOT(t, offset) == function) {
		if (reflect && PyType_IsSubtype(u, t) && is_overloaded(self, other, rname)) {
			r = call2_maybe(other, rname, self);
			if (r != Py_NotImplemented)
				return r;
			Py_DECREF(r);
			reflect = false;
		}
		r = call2_maybe(self, name, other);
		if (r != Py_NotImplemented || t == u)
			return r;
		Py_DECREF(r);
	}
	if (reflect)
		return call2_maybe(other, rname, self);
	Py_RETURN_NOTIMPLEMENTED;
}

#define BINARY(slot, dunder, rdunder)                                                         \
	static PyObject *slot_##slot(PyObject *self, PyObject *other)                         \
	{                                                                                     \
		return binary(self, other, offsetof(PyTypeObject, slot), (void *)slot_##slot, \
			      _Py_ID(dunder), _Py_ID(rdunder));                               \
	}
BINARY(nb_add, __add__, __radd__)
BINARY(nb_subtract, __sub__, __rsub__)
BINARY(nb_multiply, __mul__, __rmul__)
BINARY(nb_remainder, __mod__, __rmod__)
BINARY(nb_divmod, __divmod__, __rdivmod__)
BINARY(nb_lshift, __lshift__, __rlshift__)
BINARY(nb_rshift, __rshift__, __rrshift__)
BINARY(nb_and, __and__, __rand__)
BINARY(nb_xor, __xor__, __rxor__)
BINARY(nb_or, __or__, __ror__)
BINARY(nb_floor_divide, __floordiv__, __rfloordiv__)
BINARY(nb_true_divide, __truediv__, __rtruediv__)
BINARY(nb_matrix_multiply, __matmul__, __rmatmul__)

static PyObject *slot_nb_power(PyObject *self, PyObject *other, PyObject *mod)
{
	if (Py_IsNone(mod))
		return binary(self, other, offsetof(PyTypeObject, nb_power), (void *)slot_nb_power,
			      _Py_ID(__pow__), _Py_ID(__rpow__));
	if (Py_TYPE(self)->nb_power == slot_nb_power)
		return call3(self, _Py_ID(__pow__), other, mod);
	Py_RETURN_NOTIMPLEMENTED;
}

static int slot_nb_bool(PyObject *self)
{
	PyObject *name = _PyType_Lookup(Py_TYPE(self), _Py_ID(__bool__)) ? _Py_ID(__bool__)
									 : _Py_ID(__len__);
	PyObject *r = call1(self, name);
	int truth = -1;

	if (!r)
		return -1;
	if (name == _Py_ID(__len__))
		truth = PyObject_IsTrue(r);
	else if (PyBool_Check(r))
		truth = r == Py_True;
	else
		PyErr_Format(PyExc_TypeError, "__bool__ should return bool, returned %s",
			     Py_TYPE(r)->tp_name);
	Py_DECREF(r);
	return truth;
}

/* -- Containers -------------------------------------------------------------------------------- */
static Py_ssize_t slot_length(PyObject *self)
{
	PyObject *r = call1(self, _Py_ID(__len__)), *index;
	Py_ssize_t n = -1;

	if (!r)
		return -1;
	index = PyNumber_Index(r);
	Py_DECREF(r);
	if (!index)
		return -1;
	if (_PyLong_Sign(index) < 0)
		PyErr_SetString(PyExc_ValueError, "__len__() should return >= 0");
	else
		n = PyNumber_AsSsize_t(index, PyExc_OverflowError);
	Py_DECREF(index);
	return n;
}

static PyObject *slot_mp_subscript(PyObject *self, PyObject *key)
{
	return call2(self, _Py_ID(__getitem__), key);
}

static int slot_mp_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
	return status(value ? call3(self, _Py_ID(__setitem__), key, value)
			    : call2(self, _Py_ID(__delitem__), key));
}

static PyObject *slot_sq_item(PyObject *self, Py_ssize_t i)
{
	PyObject *key = PyLong_FromSsize_t(i), *r;

	if (!key)
		return NULL;
	r = slot_mp_subscript(self, key);
	Py_DECREF(key);
	return r;
}

static int slot_sq_ass_item(PyObject *self, Py_ssize_t i, PyObject *value)
{
	PyObject *key = PyLong_FromSsize_t(i);
	int r;

	if (!key)
		return -1;
	r = slot_mp_ass_subscript(self, key, value);
	Py_DECREF(key);
	return r;
}

static int slot_sq_contains(PyObject *self, PyObject *item)
{
	PyObject *r;
	int truth;

	if (is_blocked(self, _Py_ID(__contains__))) {
		PyErr_Format(PyExc_TypeError, "'%.200s' object is not a container",
			     Py_TYPE(self)->tp_name);
		return -1;
	}
	r = call2(self, _Py_ID(__contains__), item);
	if (!r)
		return -1;
	truth = PyObject_IsTrue(r);
	Py_DECREF(r);
	return truth;
}

static PyObject *slot_tp_iter(PyObject *self)
{
	if (is_blocked(self, _Py_ID(__iter__)))
		return PyErr_Format(PyExc_TypeError, "'%.200s' object is not iterable",
				    Py_TYPE(self)->tp_name);
	return call1(self, _Py_ID(__iter__));
}

/* -- Hash, comparison, call -------------------------------------------------------------------- */
static Py_hash_t slot_tp_hash(PyObject *self)
{
	PyObject *r;
	Py_hash_t h;

	if (is_blocked(self, _Py_ID(__hash__)))
		return PyObject_HashNotImplemented(self);
	r = call1(self, _Py_ID(__hash__));
	if (!r)
		return -1;
	if (!PyLong_Check(r)) {
		PyErr_SetString(PyExc_TypeError, "__hash__ method should return an integer");
		h = -1;
	} else {
		h = PyLong_AsSsize_t(r);
		if (h == -1 && PyErr_Occurred()) {
			PyErr_Clear();
			h = PyLong_Type.tp_hash(r);
		} else if (h == -1) {
			h = -2;
		}
	}
	Py_DECREF(r);
	return h;
}

static PyObject *slot_tp_richcompare(PyObject *self, PyObject *other, int op)
{
	PyObject *const names[] = {_Py_ID(__lt__), _Py_ID(__le__), _Py_ID(__eq__),
				   _Py_ID(__ne__), _Py_ID(__gt__), _Py_ID(__ge__)};

	if (is_blocked(self, names[op]))
		Py_RETURN_NOTIMPLEMENTED;
	return call2_maybe(self, names[op], other);
}

static PyObject *slot_tp_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames)
{
	PyObject *func, *r;
	int unbound = _PyObject_LookupSpecialMethod(self, _Py_ID(__call__), &func);

	if (!func)
		return PyErr_Occurred() ? NULL : _PyObject_NotCallable(self);
	/* An instance whose __call__ is an instance of its own class would go on for ever in C. */
	if (Py_EnterRecursiveCall(" while calling a Python object") < 0) {
		Py_DECREF(func);
		return NULL;
	}
	r = unbound ? _PyObject_VectorcallPrepend(func, self, args, nargsf, kwnames)
		    : PyObject_Vectorcall(func, args, nargsf, kwnames);
	Py_LeaveRecursiveCall();
	Py_DECREF(func);
	return r;
}

/* -- Attributes -------------------------------------------------------------------------------- */
static PyObject *slot_tp_getattro(PyObject *self, PyObject *name)
{
	PyTypeObject *t = Py_TYPE(self);
	PyObject *own = _PyType_Lookup(t, _Py_ID(__getattribute__));
	PyObject *fallback = _PyType_Lookup(t, _Py_ID(__getattr__)), *r;

	if (own && Py_IS_TYPE(own, &PyWrapperDescr_Type) &&
	    ((PyWrapperDescrObject *)own)->d_wrapped == (void *)PyObject_GenericGetAttr)
		r = _PyObject_GenericGetAttrWithDict(self, name, NULL, fallback != NULL);
	else
		r = call2(self, _Py_ID(__getattribute__), name);
	if (r || !fallback)
		return r;
	if (PyErr_Occurred()) {
		if (!PyErr_ExceptionMatches(PyExc_AttributeError))
			return NULL;
		PyErr_Clear();
	}
	return call2(self, _Py_ID(__getattr__), name);
}

static int slot_tp_setattro(PyObject *self, PyObject *name, PyObject *value)
{
	return status(value ? call3(self, _Py_ID(__setattr__), name, value)
			    : call2(self, _Py_ID(__delattr__), name));
}

static PyObject *slot_tp_descr_get(PyObject *self, PyObject *obj, PyObject *type)
{
	return call3(self, _Py_ID(__get__), obj ? obj : Py_None, type ? type : Py_None);
}

static int slot_tp_descr_set(PyObject *self, PyObject *obj, PyObject *value)
{
	return status(value ? call3(self, _Py_ID(__set__), obj, value)
			    : call2(self, _Py_ID(__delete__), obj));
}

/* -- Life -------------------------------------------------------------------------------------- */
int _PySlot_CheckInitResult(PyObject *result)
{
	if (!result)
		return -1;
	if (!Py_IsNone(result)) {
		PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'",
			     Py_TYPE(result)->tp_name);
		Py_DECREF(result);
		return -1;
	}
	Py_DECREF(result);
	return 0;
}

int _PySlot_Init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	PyObject *func = _PyObject_LookupSpecial(self, _Py_ID(__init__)), *r;

	if (!func) {
		if (!PyErr_Occurred())
			PyErr_SetObject(PyExc_AttributeError, _Py_ID(__init__));
		return -1;
	}
	r = PyObject_Call(func, args, kwargs);
	Py_DECREF(func);
	return _PySlot_CheckInitResult(r);
}

PyObject *_PySlot_New(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *func = PyObject_GetAttr((PyObject *)type, _Py_ID(__new__)), *all, *r;
	Py_ssize_t n = PyTuple_GET_SIZE(args);

	if (!func)
		return NULL;
	all = PyTuple_New(n + 1);
	if (!all) {
		Py_DECREF(func);
		return NULL;
	}
	PyTuple_SET_ITEM(all, 0, Py_NewRef(type));
	for (Py_ssize_t i = 0; i < n; i++)
		PyTuple_SET_ITEM(all, i + 1, Py_NewRef(PyTuple_GET_ITEM(args, i)));
	r = PyObject_Call(func, all, kwargs);
	Py_DECREF(func);
	Py_DECREF(all);
	return r;
}

static void slot_tp_finalize(PyObject *self)
{
	PyObject *pending = PyErr_GetRaisedException();
	PyObject *func = _PyObject_LookupSpecial(self, _Py_ID(__del__)), *r;

	if (func) {
		r = PyObject_CallNoArgs(func);
		if (!r)
			PyErr_WriteUnraisable(func);
		Py_XDECREF(r);
		Py_DECREF(func);
	} else {
		PyErr_Clear();
	}
	PyErr_SetRaisedException(pending);
}

/* -- The table --------------------------------------------------------------------------------- */
#define ROW(dunder, slot, func, wrap, doc)                                             \
	{                                                                              \
#dunder, offsetof(PyTypeObject, slot), (void *)(func), wrap, doc, NULL \
	}
/* No wrapper: C types do not show the method. */
#define HIDDEN(dunder, slot, func) ROW(dunder, slot, func, NULL, NULL)
/* No slot function: another slot of the same method serves classes. */
#define C_ONLY(dunder, slot, wrap, doc) ROW(dunder, slot, NULL, wrap, doc)
#define UNARY_ROW(dunder, slot, doc)    ROW(dunder, slot, slot_##slot, _PyWrap_unary, doc)
#define INPLACE_ROW(dunder, slot, op) \
	ROW(dunder, slot, slot_##slot, _PyWrap_binary, "Return self" op "value.")
#define BINARY_ROWS(name, slot, op)                                                      \
	ROW(__##name##__, slot, slot_##slot, _PyWrap_binary, "Return self" op "value."), \
		ROW(__r##name##__, slot, slot_##slot, _PyWrap_binary_r, "Return value" op "self.")
#define COMPARE_ROW(name, op)                                                  \
	ROW(__##name##__, tp_richcompare, slot_tp_richcompare, _PyWrap_##name, \
	    "Return self" op "value.")

static struct _PySlotDef slot_defs[] = {
	ROW(__getattribute__, tp_getattro, slot_tp_getattro, _PyWrap_binary,
	    "Return getattr(self, name)."),
	HIDDEN(__getattr__, tp_getattro, slot_tp_getattro),
	ROW(__setattr__, tp_setattro, slot_tp_setattro, _PyWrap_setattr,
	    "Implement setattr(self, name, value)."),
	ROW(__delattr__, tp_setattro, slot_tp_setattro, _PyWrap_delattr,
	    "Implement delattr(self, name)."),
	UNARY_ROW(__repr__, tp_repr, "Return repr(self)."),
	UNARY_ROW(__str__, tp_str, "Return str(self)."),
	ROW(__hash__, tp_hash, slot_tp_hash, _PyWrap_hash, "Return hash(self)."),
	ROW(__call__, tp_vectorcall, slot_tp_vectorcall, _PyWrap_call, "Call self as a function."),
	COMPARE_ROW(lt, "<"),
	COMPARE_ROW(le, "<="),
	COMPARE_ROW(eq, "=="),
	COMPARE_ROW(ne, "!="),
	COMPARE_ROW(gt, ">"),
	COMPARE_ROW(ge, ">="),
	ROW(__iter__, tp_iter, slot_tp_iter, _PyWrap_unary, "Implement iter(self)."),
	ROW(__next__, tp_iternext, slot_tp_iternext, _PyWrap_next, "Implement next(self)."),
	ROW(__get__, tp_descr_get, slot_tp_descr_get, _PyWrap_descr_get,
	    "Return an attribute of instance, which is of type owner."),
	ROW(__set__, tp_descr_set, slot_tp_descr_set, _PyWrap_descr_set,
	    "Set an attribute of instance to value."),
	ROW(__delete__, tp_descr_set, slot_tp_descr_set, _PyWrap_descr_delete,
	    "Delete an attribute of instance."),
	ROW(__init__, tp_init, _PySlot_Init, _PyWrap_init,
	    "Initialize self.  See help(type(self)) for accurate signature."),
	HIDDEN(__new__, tp_new, _PySlot_New),
	ROW(__del__, tp_finalize, slot_tp_finalize, _PyWrap_del, NULL),
	UNARY_ROW(__await__, am_await, "Return an iterator to be used in await expression."),
	UNARY_ROW(__aiter__, am_aiter,
		  "Return an awaitable, that resolves in asynchronous "
		  "iterator."),
	UNARY_ROW(__anext__, am_anext, "Return a value or raise StopAsyncIteration."),
	BINARY_ROWS(add, nb_add, "+"),
	BINARY_ROWS(sub, nb_subtract, "-"),
	BINARY_ROWS(mul, nb_multiply, "*"),
	BINARY_ROWS(mod, nb_remainder, "%"),
	ROW(__divmod__, nb_divmod, slot_nb_divmod, _PyWrap_binary, "Return divmod(self, value)."),
	ROW(__rdivmod__, nb_divmod, slot_nb_divmod, _PyWrap_binary_r,
	    "Return divmod(value, self)."),
	ROW(__pow__, nb_power, slot_nb_power, _PyWrap_ternary, "Return pow(self, value, mod)."),
	ROW(__rpow__, nb_power, slot_nb_power, _PyWrap_ternary_r, "Return pow(value, self, mod)."),
	UNARY_ROW(__neg__, nb_negative, "-self"),
	UNARY_ROW(__pos__, nb_positive, "+self"),
	UNARY_ROW(__abs__, nb_absolute, "abs(self)"),
	ROW(__bool__, nb_bool, slot_nb_bool, _PyWrap_inquiry, "True if self else False"),
	UNARY_ROW(__invert__, nb_invert, "~self"),
	BINARY_ROWS(lshift, nb_lshift, "<<"),
	BINARY_ROWS(rshift, nb_rshift, ">>"),
	BINARY_ROWS(and, nb_and, "&"),
	BINARY_ROWS(xor, nb_xor, "^"),
	BINARY_ROWS(or, nb_or, "|"),
	UNARY_ROW(__int__, nb_int, "int(self)"),
	UNARY_ROW(__float__, nb_float, "float(self)"),
	UNARY_ROW(__index__, nb_index,
		  "Return self converted to an integer, if self is suitable for use as an index "
		  "into a list."),
	BINARY_ROWS(floordiv, nb_floor_divide, "//"),
	BINARY_ROWS(truediv, nb_true_divide, "/"),
	BINARY_ROWS(matmul, nb_matrix_multiply, "@"),
	INPLACE_ROW(__iadd__, nb_inplace_add, "+="),
	INPLACE_ROW(__isub__, nb_inplace_subtract, "-="),
	INPLACE_ROW(__imul__, nb_inplace_multiply, "*="),
	INPLACE_ROW(__imod__, nb_inplace_remainder, "%="),
	ROW(__ipow__, nb_inplace_power, slot_nb_inplace_power, _PyWrap_ternary,
	    "Return self**=value."),
	INPLACE_ROW(__ilshift__, nb_inplace_lshift, "<<="),
	INPLACE_ROW(__irshift__, nb_inplace_rshift, ">>="),
	INPLACE_ROW(__iand__, nb_inplace_and, "&="),
	INPLACE_ROW(__ixor__, nb_inplace_xor, "^="),
	INPLACE_ROW(__ior__, nb_inplace_or, "|="),
	INPLACE_ROW(__ifloordiv__, nb_inplace_floor_divide, "//="),
	INPLACE_ROW(__itruediv__, nb_inplace_true_divide, "/="),
	INPLACE_ROW(__imatmul__, nb_inplace_matrix_multiply, "@="),
	ROW(__len__, mp_length, slot_length, _PyWrap_len, "Return len(self)."),
	ROW(__getitem__, mp_subscript, slot_mp_subscript, _PyWrap_binary, "Return self[key]."),
	ROW(__setitem__, mp_ass_subscript, slot_mp_ass_subscript, _PyWrap_setitem,
	    "Set self[key] to value."),
	ROW(__delitem__, mp_ass_subscript, slot_mp_ass_subscript, _PyWrap_delitem,
	    "Delete self[key]."),
	ROW(__len__, sq_length, slot_length, _PyWrap_len, "Return len(self)."),
	C_ONLY(__add__, sq_concat, _PyWrap_binary, "Return self+value."),
	C_ONLY(__mul__, sq_repeat, _PyWrap_index, "Return self*value."),
	C_ONLY(__rmul__, sq_repeat, _PyWrap_index, "Return value*self."),
	ROW(__getitem__, sq_item, slot_sq_item, _PyWrap_item, "Return self[key]."),
	ROW(__setitem__, sq_ass_item, slot_sq_ass_item, _PyWrap_setitem_index,
	    "Set self[key] to value."),
	ROW(__delitem__, sq_ass_item, slot_sq_ass_item, _PyWrap_delitem_index, "Delete self[key]."),
	ROW(__contains__, sq_contains, slot_sq_contains, _PyWrap_contains, "Return key in self."),
	C_ONLY(__iadd__, sq_inplace_concat, _PyWrap_binary, "Implement self+=value."),
	C_ONLY(__imul__, sq_inplace_repeat, _PyWrap_index, "Implement self*=value."),
	{NULL, 0, NULL, NULL, NULL, NULL},
};

int _PySlots_Init(void)
{
	for (struct _PySlotDef *p = slot_defs; p->name; p++) {
		p->name_str = PyUnicode_InternFromString(p->name);
		if (!p->name_str)
			return -1;
	}
	return 0;
}

#ifdef PY_DEBUG_REFS
void _PySlots_Drop(void)
{
	for (struct _PySlotDef *p = slot_defs; p->name; p++)
		Py_CLEAR(p->name_str);
}
#endif

int _PySlots_AddWrappers(PyTypeObject *type)
{
	for (struct _PySlotDef *p = slot_defs; p->name; p++) {
		void *f = _PyType_SLOT(type, p->offset);
		PyObject *descr;
		int r;

		if (!p->wrapper || !f || PyDict_GetItemWithError(type->tp_dict, p->name_str))
			continue;
		descr = f == (void *)PyObject_HashNotImplemented ? Py_NewRef(Py_None)
								 : _PyWrapperDescr_New(type, p, f);
		if (!descr)
			return -1;
		r = PyDict_SetItem(type->tp_dict, p->name_str, descr);
		Py_DECREF(descr);
		if (r < 0)
			return -1;
	}
	return 0;
}

/* The C type whose slot a method found in a class stands for, or NULL: a Python method. */
static PyTypeObject *origin(PyTypeObject *type, const struct _PySlotDef *p, PyObject *descr)
{
	PyDescrObject *d = (PyDescrObject *)descr;

	if (Py_IS_TYPE(descr, &PyCFunction_Type) && p->offset == offsetof(PyTypeObject, tp_new))
		return _PyType_NewOrigin(descr);
	if ((Py_IS_TYPE(descr, &PyWrapperDescr_Type) || Py_IS_TYPE(descr, &PyMethodDescr_Type)) &&
	    d->d_name == p->name_str && PyType_IsSubtype(type, d->d_type))
		return d->d_type;
	return NULL;
}

/* Sets one slot by all the methods that it serves. */
static void update_slot(PyTypeObject *type, size_t offset)
{
	void *specific = NULL, *generic = NULL;
	bool use_generic = false;

	for (const struct _PySlotDef *p = slot_defs; p->name; p++) {
		PyObject *descr;
		PyTypeObject *from;
		void *f;

		if (p->offset != offset)
			continue;
		descr = _PyType_Lookup(type, p->name_str);
		if (!descr)
			continue;
		if (descr == Py_None && offset == offsetof(PyTypeObject, tp_hash)) {
			specific = (void *)PyObject_HashNotImplemented;
			continue;
		}
		generic = p->function;
		from = origin(type, p, descr);
		f = from ? _PyType_SLOT(from, offset) : NULL;
		if (!from || (specific && f && specific != f))
			use_generic = true;
		else if (f)
			specific = f;
	}
	_PyType_SLOT(type, offset) = use_generic ? generic : specific;
}

void _PySlots_Fixup(PyTypeObject *type)
{
	size_t done = 0;

	/* Rows of one slot may stand apart; a slot done twice is only time lost, so neighbours
	 * are enough. */
	for (const struct _PySlotDef *p = slot_defs; p->name; p++) {
		if (p->offset != done)
			update_slot(type, p->offset);
		done = p->offset;
	}
}

static void update_recursively(PyTypeObject *type, PyObject *name, size_t offset)
{
	PyObject *subclasses = type->tp_subclasses;

	update_slot(type, offset);
	for (Py_ssize_t i = 0; subclasses && i < PyList_GET_SIZE(subclasses); i++) {
		PyTypeObject *sub = _PyType_Subclass(type, i);

		/* A subclass that has the method itself does not see the change. */
		if (!PyDict_GetItemWithError(sub->tp_dict, name))
			update_recursively(sub, name, offset);
	}
}

void _PySlots_Update(PyTypeObject *type, PyObject *name)
{
	for (const struct _PySlotDef *p = slot_defs; p->name; p++)
		if (p->name_str == name)
			update_recursively(type, name, p->offset);
}
