/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Special methods and type slots, tied together by one table: from a C type's slot to a Python
 * method (slot wrapper), and from a class's method to a slot (slot function).
 */
#ifndef MINIPY_OBJECTS_SLOTS_H
#define MINIPY_OBJECTS_SLOTS_H

#include "core/object.h"

/* Calls the C function of a slot with Python arguments. */
typedef PyObject *(*_PySlotWrapper)(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				    PyObject *kwnames, void *wrapped);

struct _PySlotDef {
	const char *name;
	size_t offset;          /* of the slot in PyTypeObject */
	void *function;         /* what classes with such a method have in the slot, or NULL */
	_PySlotWrapper wrapper; /* or NULL: C types show no method for it */
	const char *doc;
	PyObject *name_str; /* interned at start */
};

typedef struct {
	PyObject_HEAD PyTypeObject *d_type;
	PyObject *d_name;
	const struct _PySlotDef *d_base;
	void *d_wrapped;
} PyWrapperDescrObject;

#define _PyType_SLOT(type, offset) (*(void **)((char *)(type) + (offset)))

int _PySlots_Init(void);  /* interns the names */
void _PySlots_Drop(void); /* debug build: drops them */
/* Adds slot wrappers to a static type's dict for the slots that it sets itself. */
int _PySlots_AddWrappers(PyTypeObject *type);
/* Sets all slots of a class by what its methods and its bases say. */
void _PySlots_Fixup(PyTypeObject *type);
/* The attribute name of a class has changed: the slots of it and of its subclasses follow. */
void _PySlots_Update(PyTypeObject *type, PyObject *name);

/* Slot functions that other files know. */
PyObject *_PySlot_New(PyTypeObject *type, PyObject *args, PyObject *kwargs);
int _PySlot_Init(PyObject *self, PyObject *args, PyObject *kwargs);
/* Calls a found __init__ result check: 0 when it is None (which is released), else -1. */
int _PySlot_CheckInitResult(PyObject *result);
PyObject *_PyWrapperDescr_New(PyTypeObject *type, const struct _PySlotDef *def, void *wrapped);

/* The wrappers of the table (wrapper.c). */
#define _PY_SLOT_WRAPPERS(W) \
	W(unary)             \
	W(next)              \
	W(binary)            \
	W(binary_r)          \
	W(ternary)           \
	W(ternary_r)         \
	W(inquiry)           \
	W(hash)              \
	W(len)               \
	W(index)             \
	W(item)              \
	W(setitem_index)     \
	W(delitem_index)     \
	W(contains)          \
	W(setitem)           \
	W(delitem)           \
	W(call)              \
	W(lt)                \
	W(le)                \
	W(eq)                \
	W(ne)                \
	W(gt)                \
	W(ge)                \
	W(descr_get)         \
	W(descr_set)         \
	W(descr_delete)      \
	W(init)              \
	W(del)               \
	W(setattr)           \
	W(delattr)
#define PY_DECLARE_WRAPPER(n)                                                          \
	PyObject *_PyWrap_##n(PyObject *self, PyObject *const *args, Py_ssize_t nargs, \
			      PyObject *kwnames, void *wrapped);
_PY_SLOT_WRAPPERS(PY_DECLARE_WRAPPER)
#undef PY_DECLARE_WRAPPER

#endif
