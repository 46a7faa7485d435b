/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be done with any object: the object, number, sequence, mapping and iterator protocols.
 * Contracts are those of CPython 3.11's abstract.h and object.h.
 */
#ifndef MINIPY_OBJECTS_ABSTRACT_H
#define MINIPY_OBJECTS_ABSTRACT_H

#include "core/object.h"

/* -- Object ------------------------------------------------------------------------------------ */
PyObject *PyObject_Repr(PyObject *o); /* o NULL: "<NULL>" */
PyObject *PyObject_Str(PyObject *o);  /* likewise */
PyObject *PyObject_ASCII(PyObject *o);
PyObject *PyObject_Format(PyObject *o, PyObject *spec); /* spec: str or NULL */
PyObject *PyObject_Bytes(PyObject *o);
/* Marks o as being printed by this thread: 1 when it is already, 0, or -1. */
int Py_ReprEnter(PyObject *o);
void Py_ReprLeave(PyObject *o);

PyObject *PyObject_GetAttr(PyObject *o, PyObject *name);
PyObject *PyObject_GetAttrString(PyObject *o, const char *name);
int PyObject_SetAttr(PyObject *o, PyObject *name, PyObject *value); /* value NULL: delete */
int PyObject_SetAttrString(PyObject *o, const char *name, PyObject *value);
#define PyObject_DelAttr(o, name)       PyObject_SetAttr((o), (name), NULL)
#define PyObject_DelAttrString(o, name) PyObject_SetAttrString((o), (name), NULL)
/* 1 found (new reference), 0 not found (*ret NULL, no exception), -1 error. */
int _PyObject_LookupAttr(PyObject *o, PyObject *name, PyObject **ret);
int PyObject_HasAttr(PyObject *o, PyObject *name); /* swallows every exception */
int PyObject_HasAttrString(PyObject *o, const char *name);
PyObject *PyObject_GenericGetAttr(PyObject *o, PyObject *name);
int PyObject_GenericSetAttr(PyObject *o, PyObject *name, PyObject *value);
/* dict NULL: the instance's own. suppress: NULL without an exception instead of AttributeError. */
PyObject *_PyObject_GenericGetAttrWithDict(PyObject *o, PyObject *name, PyObject *dict,
					   int suppress);
int _PyObject_GenericSetAttrWithDict(PyObject *o, PyObject *name, PyObject *value, PyObject *dict);
/* AttributeError with name and obj set; NULL. */
PyObject *_PyObject_NoAttribute(PyObject *o, PyObject *name, const char *format, ...);
/* For LOAD_METHOD. 1: *ret is an unbound function, call it with o first; 0: *ret is an ordinary
 * attribute, or NULL with an exception. *ret is new. */
int _PyObject_GetMethod(PyObject *o, PyObject *name, PyObject **ret);
/* A special method, looked up on the type: like _PyObject_GetMethod; 0 with *ret NULL and no
 * exception when the type has none. */
int _PyObject_LookupSpecialMethod(PyObject *o, PyObject *name, PyObject **ret);
/* The same, bound; new reference, NULL without exception when there is none. */
PyObject *_PyObject_LookupSpecial(PyObject *o, PyObject *name);
/* Where the instance keeps its dict pointer; NULL when its type has no dicts. */
PyObject **_PyObject_GetDictPtr(PyObject *o);
PyObject *PyObject_GenericGetDict(PyObject *o, void *closure); /* for getset tables; makes it */
int PyObject_GenericSetDict(PyObject *o, PyObject *value, void *closure);

PyObject *PyObject_RichCompare(PyObject *v, PyObject *w, int op);
int PyObject_RichCompareBool(PyObject *v, PyObject *w, int op); /* identity implies equality */
/* For C types' tp_richcompare: compares two C numbers, returns a new bool. */
#define Py_RETURN_RICHCOMPARE(a, b, op)                               \
	do {                                                          \
		int cmp_ = (a) < (b) ? -1 : (a) > (b);                \
		return PyBool_FromLong(_Py_CompareHolds(cmp_, (op))); \
	} while (0)
static inline bool _Py_CompareHolds(int cmp, int op)
{
	switch (op) {
	case Py_LT: return cmp < 0;
	case Py_LE: return cmp <= 0;
	case Py_EQ: return cmp == 0;
	case Py_NE: return cmp != 0;
	case Py_GT: return cmp > 0;
	default: return cmp >= 0;
	}
}
Py_hash_t PyObject_Hash(PyObject *o);
Py_hash_t PyObject_HashNotImplemented(PyObject *o); /* tp_hash of unhashable types */
Py_hash_t _Py_HashPointer(const void *p);
int PyObject_IsTrue(PyObject *o);
int PyObject_Not(PyObject *o);
PyObject *PyObject_Type(PyObject *o);
PyObject *PyObject_Dir(PyObject *o);
int PyCallable_Check(PyObject *o);
int PyObject_IsInstance(PyObject *o, PyObject *cls);
int PyObject_IsSubclass(PyObject *derived, PyObject *cls);
/* Without the hooks __instancecheck__ and __subclasscheck__. */
int _PyObject_RealIsInstance(PyObject *o, PyObject *cls);
int _PyObject_RealIsSubclass(PyObject *derived, PyObject *cls);
PyObject *PyObject_SelfIter(PyObject *o);

Py_ssize_t PyObject_Size(PyObject *o);
#define PyObject_Length PyObject_Size
Py_ssize_t PyObject_LengthHint(PyObject *o, Py_ssize_t fallback); /* -1 on error */
PyObject *PyObject_GetItem(PyObject *o, PyObject *key);
int PyObject_SetItem(PyObject *o, PyObject *key, PyObject *value);
int PyObject_DelItem(PyObject *o, PyObject *key);
PyObject *PyObject_GetIter(PyObject *o);
int PyIter_Check(PyObject *o);
PyObject *PyIter_Next(PyObject *it); /* NULL without exception: exhausted */
/* One step of a generator or iterator as SEND does it; *ret new. (vm/generator.c) */
PySendResult PyIter_Send(PyObject *it, PyObject *value, PyObject **ret);

/* -- Number ------------------------------------------------------------------------------------ */
int PyNumber_Check(PyObject *o);
#define PY_NUMBER_BINARY(OP) \
	OP(Add)              \
	OP(Subtract)         \
	OP(Multiply)         \
	OP(MatrixMultiply)   \
	OP(Remainder)        \
	OP(FloorDivide)      \
	OP(TrueDivide)       \
	OP(Lshift)           \
	OP(Rshift)           \
	OP(And)              \
	OP(Xor)              \
	OP(Or)
#define PY_DECLARE_NUMBER(Name)                              \
	PyObject *PyNumber_##Name(PyObject *v, PyObject *w); \
	PyObject *PyNumber_InPlace##Name(PyObject *v, PyObject *w);
PY_NUMBER_BINARY(PY_DECLARE_NUMBER)
#undef PY_DECLARE_NUMBER
PyObject *PyNumber_Divmod(PyObject *v, PyObject *w);
PyObject *PyNumber_Power(PyObject *v, PyObject *w, PyObject *mod); /* mod: Py_None for none */
PyObject *PyNumber_InPlacePower(PyObject *v, PyObject *w, PyObject *mod);
PyObject *PyNumber_Negative(PyObject *o);
PyObject *PyNumber_Positive(PyObject *o);
PyObject *PyNumber_Absolute(PyObject *o);
PyObject *PyNumber_Invert(PyObject *o);
int PyIndex_Check(PyObject *o);
PyObject *PyNumber_Index(PyObject *o);
/* exc NULL: clips to the range; else raises it when the value does not fit. -1 on error. */
Py_ssize_t PyNumber_AsSsize_t(PyObject *o, PyObject *exc);
PyObject *PyNumber_Long(PyObject *o);
PyObject *PyNumber_Float(PyObject *o);

/* -- Sequence and mapping ---------------------------------------------------------------------- */
int PySequence_Check(PyObject *o);
Py_ssize_t PySequence_Size(PyObject *o);
#define PySequence_Length PySequence_Size
PyObject *PySequence_Concat(PyObject *v, PyObject *w);
PyObject *PySequence_Repeat(PyObject *o, Py_ssize_t n);
PyObject *PySequence_InPlaceConcat(PyObject *v, PyObject *w);
PyObject *PySequence_InPlaceRepeat(PyObject *o, Py_ssize_t n);
PyObject *PySequence_GetItem(PyObject *o, Py_ssize_t i); /* negative i counts from the end */
int PySequence_SetItem(PyObject *o, Py_ssize_t i, PyObject *value);
int PySequence_DelItem(PyObject *o, Py_ssize_t i);
int PySequence_Contains(PyObject *seq, PyObject *item);
Py_ssize_t PySequence_Count(PyObject *seq, PyObject *item);
Py_ssize_t PySequence_Index(PyObject *seq, PyObject *item);
PyObject *PySequence_Tuple(PyObject *o);
PyObject *PySequence_List(PyObject *o);
/* o itself when it is a list or a tuple, else a new list; TypeError(msg) when not iterable. The
 * macros over its result need objects/list.h and objects/tuple.h. */
PyObject *PySequence_Fast(PyObject *o, const char *msg);
#define PySequence_Fast_GET_SIZE(o) (PyList_Check(o) ? PyList_GET_SIZE(o) : PyTuple_GET_SIZE(o))
#define PySequence_Fast_GET_ITEM(o, i) \
	(PyList_Check(o) ? PyList_GET_ITEM(o, i) : PyTuple_GET_ITEM(o, i))
#define PySequence_Fast_ITEMS(o) \
	(PyList_Check(o) ? ((PyListObject *)(o))->ob_item : ((PyTupleObject *)(o))->ob_item)

int PyMapping_Check(PyObject *o);
Py_ssize_t PyMapping_Size(PyObject *o);
#define PyMapping_Length PyMapping_Size
PyObject *PyMapping_GetItemString(PyObject *o, const char *key);
int PyMapping_SetItemString(PyObject *o, const char *key, PyObject *value);
int PyMapping_HasKey(PyObject *o, PyObject *key); /* swallows exceptions */
PyObject *PyMapping_Keys(PyObject *o);            /* a list */
PyObject *PyMapping_Values(PyObject *o);
PyObject *PyMapping_Items(PyObject *o);

#endif
