/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every object begins with, what a type is, and how things are called.
 *
 * minipy keeps CPython's names and reference rules (3.11's C API): a function here that has the
 * name of a CPython API function has its contract too (new, borrowed and stolen references, NULL
 * or -1 with the error pending), unless its header says otherwise. The layouts are our own and are
 * published in struct pyi_layout.
 */
#ifndef MINIPY_CORE_OBJECT_H
#define MINIPY_CORE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef ssize_t Py_ssize_t;
typedef Py_ssize_t Py_hash_t;
#define PY_SSIZE_T_MAX PTRDIFF_MAX

#define Py_LIKELY(x)     __builtin_expect(!!(x), 1)
#define Py_UNLIKELY(x)   __builtin_expect(!!(x), 0)
#define Py_NOINLINE      __attribute__((noinline))
#define Py_ALWAYS_INLINE inline __attribute__((always_inline))

/* A sanitizer sees more when each block is the C library's: no heap of our own, and no dead objects
 * kept for the next of their kind. */
#ifdef __has_feature
#define PY_SANITIZED (__has_feature(address_sanitizer) || __has_feature(memory_sanitizer))
#elif defined(__SANITIZE_ADDRESS__)
#define PY_SANITIZED 1
#else
#define PY_SANITIZED 0
#endif
#define PY_FREE_MAX(n) (PY_SANITIZED ? 0 : (n))

typedef struct _object PyObject;
typedef struct _typeobject PyTypeObject;

#define PyObject_HEAD         \
	Py_ssize_t ob_refcnt; \
	PyTypeObject *ob_type;
#define PyObject_VAR_HEAD PyObject_HEAD Py_ssize_t ob_size;

struct _object {
	PyObject_HEAD
};
typedef struct {
	PyObject_VAR_HEAD
} PyVarObject;

#define Py_TYPE(o)       (((PyObject *)(o))->ob_type)
#define Py_SIZE(o)       (((PyVarObject *)(o))->ob_size)
#define Py_REFCNT(o)     (((PyObject *)(o))->ob_refcnt)
#define Py_IS_TYPE(o, t) (Py_TYPE(o) == (t))
#define Py_Is(a, b)      ((a) == (b))

/* A static object's head: immortal in practice, its count never comes near zero. */
#define Py_STATIC_REFCNT               ((Py_ssize_t)1 << 40)
#define PyObject_HEAD_INIT(type)       Py_STATIC_REFCNT, (type)
#define PyVarObject_HEAD_INIT(type, n) Py_STATIC_REFCNT, (type), (n)

void _Py_Dealloc(PyObject *o);

/* The debug build counts all references (core/refs.c); what changes ob_refcnt says by how much. */
#ifdef PY_DEBUG_REFS
extern Py_ssize_t _Py_ref_total;
#define _Py_COUNT_REFS(n) ((void)(_Py_ref_total += (n)))
#else
#define _Py_COUNT_REFS(n) ((void)(n))
#endif

/* Memory becomes an object, which the caller owns. */
static inline void _Py_NewReference(PyObject *o)
{
	o->ob_refcnt = 1;
	_Py_COUNT_REFS(1);
}
static inline void Py_INCREF_(PyObject *o)
{
	o->ob_refcnt++;
	_Py_COUNT_REFS(1);
}
static inline void Py_DECREF_(PyObject *o)
{
	_Py_COUNT_REFS(-1);
	if (--o->ob_refcnt == 0)
		_Py_Dealloc(o);
}
#define Py_INCREF(o) Py_INCREF_((PyObject *)(o))
#define Py_DECREF(o) Py_DECREF_((PyObject *)(o))
static inline PyObject *Py_XNewRef_(PyObject *o)
{
	if (o)
		Py_INCREF(o);
	return o;
}
static inline PyObject *Py_NewRef_(PyObject *o)
{
	Py_INCREF(o);
	return o;
}
#define Py_NewRef(o)  Py_NewRef_((PyObject *)(o))
#define Py_XNewRef(o) Py_XNewRef_((PyObject *)(o))
static inline void Py_XINCREF_(PyObject *o)
{
	if (o)
		Py_INCREF(o);
}
static inline void Py_XDECREF_(PyObject *o)
{
	if (o)
		Py_DECREF(o);
}
#define Py_XINCREF(o) Py_XINCREF_((PyObject *)(o))
#define Py_XDECREF(o) Py_XDECREF_((PyObject *)(o))
/* lv is evaluated once, and holds its new value before the old one dies. */
#define Py_CLEAR(lv)                                 \
	do {                                         \
		PyObject **at_ = (PyObject **)&(lv); \
		PyObject *cleared_ = *at_;           \
		if (cleared_) {                      \
			*at_ = NULL;                 \
			Py_DECREF(cleared_);         \
		}                                    \
	} while (0)
#define Py_SETREF(lv, v)                             \
	do {                                         \
		PyObject **at_ = (PyObject **)&(lv); \
		PyObject *old_ = *at_;               \
		*at_ = (PyObject *)(v);              \
		Py_DECREF(old_);                     \
	} while (0)
#define Py_XSETREF(lv, v)                            \
	do {                                         \
		PyObject **at_ = (PyObject **)&(lv); \
		PyObject *old_ = *at_;               \
		*at_ = (PyObject *)(v);              \
		Py_XDECREF(old_);                    \
	} while (0)

/* -- Calls ------------------------------------------------------------------------------------
 * One convention everywhere. args[0 .. nargs) are positional, followed by one value for each
 * name in the tuple kwnames (NULL or empty: none). With PY_VECTORCALL_ARGUMENTS_OFFSET in nargs,
 * args[-1] may be overwritten for the time of the call (to prepend self without a copy).
 * All references are borrowed; the result is new. */
#define PY_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#define PyVectorcall_NARGS(n)          ((Py_ssize_t)((n) & ~PY_VECTORCALL_ARGUMENTS_OFFSET))

typedef PyObject *(*vectorcallfunc)(PyObject *callable, PyObject *const *args, size_t nargsf,
				    PyObject *kwnames);
typedef PyObject *(*ternaryfunc)(PyObject *, PyObject *, PyObject *);
typedef PyObject *(*binaryfunc)(PyObject *, PyObject *);
typedef PyObject *(*unaryfunc)(PyObject *);
typedef int (*inquiry)(PyObject *);
typedef Py_ssize_t (*lenfunc)(PyObject *);
typedef PyObject *(*ssizeargfunc)(PyObject *, Py_ssize_t);
typedef int (*ssizeobjargproc)(PyObject *, Py_ssize_t, PyObject *);
typedef int (*objobjargproc)(PyObject *, PyObject *, PyObject *);
typedef int (*objobjproc)(PyObject *, PyObject *);
typedef int (*visitproc)(PyObject *, void *);
typedef int (*traverseproc)(PyObject *, visitproc, void *);
typedef void (*destructor)(PyObject *);
typedef PyObject *(*getattrofunc)(PyObject *, PyObject *);
typedef int (*setattrofunc)(PyObject *, PyObject *, PyObject *); /* value NULL = delete */
typedef PyObject *(*reprfunc)(PyObject *);
typedef Py_hash_t (*hashfunc)(PyObject *);
typedef PyObject *(*richcmpfunc)(PyObject *, PyObject *, int);
typedef PyObject *(*getiterfunc)(PyObject *);
typedef PyObject *(*iternextfunc)(PyObject *); /* NULL without error = exhausted */
typedef PyObject *(*descrgetfunc)(PyObject *, PyObject *, PyObject *);
typedef int (*descrsetfunc)(PyObject *, PyObject *, PyObject *);
typedef int (*initproc)(PyObject *, PyObject *, PyObject *);
typedef PyObject *(*newfunc)(PyTypeObject *, PyObject *, PyObject *);
typedef PyObject *(*allocfunc)(PyTypeObject *, Py_ssize_t);
typedef void (*freefunc)(void *);
/* am_send: 0 returned, 1 yielded, -1 raised; *result new. */
typedef enum { PYGEN_RETURN = 0, PYGEN_NEXT = 1, PYGEN_ERROR = -1 } PySendResult;

/* Rich comparison operators; COMPARE_OP uses the same numbers. */
enum { Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE };

/* -- C functions as methods ------------------------------------------------------------------ */
typedef PyObject *(*PyCFunction)(PyObject *self,
				 PyObject *arg); /* METH_NOARGS, METH_O, METH_VARARGS */
typedef PyObject *(*PyCFunctionWithKeywords)(PyObject *self, PyObject *args, PyObject *kwargs);
typedef PyObject *(*_PyCFunctionFast)(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
typedef PyObject *(*_PyCFunctionFastWithKeywords)(PyObject *self, PyObject *const *args,
						  Py_ssize_t nargs, PyObject *kwnames);
#define METH_VARARGS  0x0001
#define METH_KEYWORDS 0x0002
#define METH_NOARGS   0x0004
#define METH_O        0x0008
#define METH_CLASS    0x0010
#define METH_STATIC   0x0020
#define METH_FASTCALL 0x0080

typedef struct {
	const char *ml_name;
	PyCFunction ml_meth; /* cast from the type that ml_flags says */
	int ml_flags;
	const char *ml_doc;
} PyMethodDef;

typedef struct {
	const char *name;
	int type; /* Py_T_* of objects/descr.h */
	Py_ssize_t offset;
	int flags; /* 1 = read only */
	const char *doc;
} PyMemberDef;

typedef struct {
	const char *name;
	PyObject *(*get)(PyObject *, void *);
	int (*set)(PyObject *, PyObject *, void *);
	const char *doc;
	void *closure;
} PyGetSetDef;

/* -- Types ------------------------------------------------------------------------------------
 * Every slot of every protocol, flat, in one list: inheritance, dunder wrappers and slot
 * functions of classes are loops over it. SLOT(field, C type). */
#define PY_TYPE_SLOTS(SLOT)                                                 \
	SLOT(tp_dealloc, destructor)                                        \
	SLOT(tp_vectorcall, vectorcallfunc) /* how an instance is called */ \
	SLOT(tp_repr, reprfunc)                                             \
	SLOT(tp_str, reprfunc)                                              \
	SLOT(tp_hash, hashfunc)                                             \
	SLOT(tp_getattro, getattrofunc)                                     \
	SLOT(tp_setattro, setattrofunc)                                     \
	SLOT(tp_richcompare, richcmpfunc)                                   \
	SLOT(tp_iter, getiterfunc)                                          \
	SLOT(tp_iternext, iternextfunc)                                     \
	SLOT(tp_descr_get, descrgetfunc)                                    \
	SLOT(tp_descr_set, descrsetfunc)                                    \
	SLOT(tp_init, initproc)                                             \
	SLOT(tp_new, newfunc)                                               \
	SLOT(tp_alloc, allocfunc)                                           \
	SLOT(tp_free, freefunc)                                             \
	SLOT(tp_traverse, traverseproc)                                     \
	SLOT(tp_clear, inquiry)                                             \
	SLOT(tp_finalize, destructor)                                       \
	SLOT(nb_add, binaryfunc)                                            \
	SLOT(nb_subtract, binaryfunc)                                       \
	SLOT(nb_multiply, binaryfunc)                                       \
	SLOT(nb_remainder, binaryfunc)                                      \
	SLOT(nb_divmod, binaryfunc)                                         \
	SLOT(nb_power, ternaryfunc)                                         \
	SLOT(nb_negative, unaryfunc)                                        \
	SLOT(nb_positive, unaryfunc)                                        \
	SLOT(nb_absolute, unaryfunc)                                        \
	SLOT(nb_bool, inquiry)                                              \
	SLOT(nb_invert, unaryfunc)                                          \
	SLOT(nb_lshift, binaryfunc)                                         \
	SLOT(nb_rshift, binaryfunc)                                         \
	SLOT(nb_and, binaryfunc)                                            \
	SLOT(nb_xor, binaryfunc)                                            \
	SLOT(nb_or, binaryfunc)                                             \
	SLOT(nb_int, unaryfunc)                                             \
	SLOT(nb_float, unaryfunc)                                           \
	SLOT(nb_floor_divide, binaryfunc)                                   \
	SLOT(nb_true_divide, binaryfunc)                                    \
	SLOT(nb_index, unaryfunc)                                           \
	SLOT(nb_matrix_multiply, binaryfunc)                                \
	SLOT(nb_inplace_add, binaryfunc)                                    \
	SLOT(nb_inplace_subtract, binaryfunc)                               \
	SLOT(nb_inplace_multiply, binaryfunc)                               \
	SLOT(nb_inplace_remainder, binaryfunc)                              \
	SLOT(nb_inplace_power, ternaryfunc)                                 \
	SLOT(nb_inplace_lshift, binaryfunc)                                 \
	SLOT(nb_inplace_rshift, binaryfunc)                                 \
	SLOT(nb_inplace_and, binaryfunc)                                    \
	SLOT(nb_inplace_xor, binaryfunc)                                    \
	SLOT(nb_inplace_or, binaryfunc)                                     \
	SLOT(nb_inplace_floor_divide, binaryfunc)                           \
	SLOT(nb_inplace_true_divide, binaryfunc)                            \
	SLOT(nb_inplace_matrix_multiply, binaryfunc)                        \
	SLOT(sq_length, lenfunc)                                            \
	SLOT(sq_concat, binaryfunc)                                         \
	SLOT(sq_repeat, ssizeargfunc)                                       \
	SLOT(sq_item, ssizeargfunc)                                         \
	SLOT(sq_ass_item, ssizeobjargproc)                                  \
	SLOT(sq_contains, objobjproc)                                       \
	SLOT(sq_inplace_concat, binaryfunc)                                 \
	SLOT(sq_inplace_repeat, ssizeargfunc)                               \
	SLOT(mp_length, lenfunc)                                            \
	SLOT(mp_subscript, binaryfunc)                                      \
	SLOT(mp_ass_subscript, objobjargproc)                               \
	SLOT(am_await, unaryfunc)                                           \
	SLOT(am_aiter, unaryfunc)                                           \
	SLOT(am_anext, unaryfunc)

struct _typeobject {
	PyObject_VAR_HEAD const char
		*tp_name;        /* static: "module.name" or "name"; heap: UTF-8 of ht_name */
	Py_ssize_t tp_basicsize; /* bytes, without items */
	Py_ssize_t tp_itemsize;
	unsigned long tp_flags;
	Py_ssize_t tp_dictoffset;     /* of the instance dict pointer; 0 = none */
	Py_ssize_t tp_weaklistoffset; /* 0 = none */
	PyTypeObject *tp_base;
	PyObject *tp_bases; /* tuple */
	PyObject *tp_mro;   /* tuple */
	PyObject *tp_dict;  /* own names only */
	PyObject *ht_name;  /* str; NULL in static types */
	PyObject *ht_qualname;
	PyObject
		*tp_subclasses; /* list of weak (borrowed) pointers kept by typeobject.c, or NULL */
	/* Changes with every change of the type or of a base; 0 = none given. Never reused: inline
	 * caches compare it. */
	uint64_t tp_version_tag;
	const char *tp_doc;
	PyMethodDef *tp_methods;
	PyMemberDef *tp_members;
	PyGetSetDef *tp_getset;
#define PY_SLOT_FIELD(field, type) type field;
	PY_TYPE_SLOTS(PY_SLOT_FIELD)
#undef PY_SLOT_FIELD
	/* How the type itself is called; NULL = the general way (tp_new, then tp_init). */
	vectorcallfunc tp_construct;
	/* Bytes before the collector's head: the dict and weak reference pointers of classes whose
	 * instances vary in size (subclasses of int, str, tuple, ...). Their offsets are negative
	 * and count from the object, as positive ones do. */
	Py_ssize_t tp_prefixsize;
	PyObject *tp_weaklist; /* weak references to the type itself */
};

/* tp_flags; the bits that the inspector reads stand where CPython has them. */
#define Py_TPFLAGS_CUSTOM_MRO        (1UL << 3) /* not C3's: such a type has no version tag */
#define Py_TPFLAGS_HEAPTYPE          (1UL << 9)
#define Py_TPFLAGS_BASETYPE          (1UL << 10)
#define Py_TPFLAGS_METHOD_DESCRIPTOR (1UL << 17) /* LOAD_METHOD may skip binding */
#define Py_TPFLAGS_READY             (1UL << 12)
#define Py_TPFLAGS_HAVE_GC           (1UL << 14)
#define Py_TPFLAGS_IS_ABSTRACT       (1UL << 20)
#define Py_TPFLAGS_LONG_SUBCLASS     (1UL << 24)
#define Py_TPFLAGS_LIST_SUBCLASS     (1UL << 25)
#define Py_TPFLAGS_TUPLE_SUBCLASS    (1UL << 26)
#define Py_TPFLAGS_BYTES_SUBCLASS    (1UL << 27)
#define Py_TPFLAGS_UNICODE_SUBCLASS  (1UL << 28)
#define Py_TPFLAGS_DICT_SUBCLASS     (1UL << 29)
#define Py_TPFLAGS_BASE_EXC_SUBCLASS (1UL << 30)
#define Py_TPFLAGS_TYPE_SUBCLASS     (1UL << 31)
#define Py_TPFLAGS_DEFAULT           0UL

#define PyType_HasFeature(t, f) (((t)->tp_flags & (f)) != 0)
extern PyTypeObject PyType_Type, PyBaseObject_Type;
int PyType_IsSubtype(PyTypeObject *a, PyTypeObject *b);
#define PyObject_TypeCheck(o, t) (Py_TYPE(o) == (t) || PyType_IsSubtype(Py_TYPE(o), (t)))

/* -- The collector's head ----------------------------------------------------------------------
 * Stands before every object whose type has Py_TPFLAGS_HAVE_GC; the links are NULL while untracked.
 */
typedef struct _gc_head {
	struct _gc_head *next, *prev;
} PyGC_Head;

#define _Py_AS_GC(o)   ((PyGC_Head *)(o)-1)
#define _Py_FROM_GC(g) ((PyObject *)((PyGC_Head *)(g) + 1))

PyObject *_PyObject_GC_New(PyTypeObject *type); /* untracked, fields not zeroed */
PyVarObject *_PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t n); /* likewise */
PyObject *_PyObject_New(PyTypeObject *type);
PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t n);
#define PyObject_GC_New(T, type)       ((T *)_PyObject_GC_New(type))
#define PyObject_GC_NewVar(T, type, n) ((T *)_PyObject_GC_NewVar(type, n))
#define PyObject_New(T, type)          ((T *)_PyObject_New(type))
#define PyObject_NewVar(T, type, n)    ((T *)_PyObject_NewVar(type, n))
void PyObject_GC_Track(void *o);
void PyObject_GC_UnTrack(void *o); /* fine when untracked */
bool PyObject_GC_IsTracked(PyObject *o);
/* Whether a PyGC_Head stands before o: not so for static types. */
static inline bool PyObject_IS_GC(PyObject *o)
{
	return PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_HAVE_GC) &&
	       (!PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_TYPE_SUBCLASS) ||
		PyType_HasFeature((PyTypeObject *)o, Py_TPFLAGS_HEAPTYPE));
}
void PyObject_GC_Del(void *o);
/* Memory of an object without a collector head, to be released with PyObject_Free. */
void *PyObject_Malloc(size_t n);
void *PyObject_Realloc(void *o, size_t n);
void PyObject_Free(void *o);
#define Py_VISIT(o)                                              \
	do {                                                     \
		if (o) {                                         \
			int vret_ = visit((PyObject *)(o), arg); \
			if (vret_)                               \
				return vret_;                    \
		}                                                \
	} while (0)

/* Checked: NULL without an exception set on overflow or when memory is out. For the holder of the
 * GIL; memory that others use, or free, is PyMem_Raw's. */
void *PyMem_Malloc(size_t n);
void *PyMem_Calloc(size_t n, size_t size);
void *PyMem_Realloc(void *p, size_t n);
void PyMem_Free(void *p);
void *PyMem_RawMalloc(size_t n);
void *PyMem_RawCalloc(size_t n, size_t size);
void *PyMem_RawRealloc(void *p, size_t n);
void PyMem_RawFree(void *p); /* also of what the C library gave */

/* Containers free their items between these two, so that deep structures do not use up the C
 * stack: beyond a depth, deallocation is put off and done by the outermost one. */
#define Py_TRASHCAN_BEGIN(op)                 \
	if (_PyTrash_Begin((PyObject *)(op))) \
		return;
#define Py_TRASHCAN_END _PyTrash_End();
bool _PyTrash_Begin(PyObject *o); /* true: o was put off, return at once */
void _PyTrash_End(void);

/* -- Singletons and the protocols that everything uses ------------------------------------------
 */
extern PyObject _Py_NoneStruct, _Py_NotImplementedStruct, _Py_EllipsisStruct;
#define Py_None                  (&_Py_NoneStruct)
#define Py_NotImplemented        (&_Py_NotImplementedStruct)
#define Py_Ellipsis              (&_Py_EllipsisStruct)
#define Py_RETURN_NONE           return Py_NewRef(Py_None)
#define Py_RETURN_NOTIMPLEMENTED return Py_NewRef(Py_NotImplemented)
#define Py_IsNone(o)             ((o) == Py_None)

/* Call before any C recursion that a Python program can drive (repr, compare, hash, calls, the
 * parser): -1 with RecursionError when the recursion limit or the real C stack is used up.
 * where is like " while calling a Python object" or "". */
int Py_EnterRecursiveCall(const char *where);
void Py_LeaveRecursiveCall(void);

#endif
