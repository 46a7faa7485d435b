/* SPDX-License-Identifier: BSD-2-Clause */
/* Exception objects. The names PyExc_* are in core/errors.h. */
#ifndef MINIPY_OBJECTS_EXCEPTIONS_H
#define MINIPY_OBJECTS_EXCEPTIONS_H

#include "core/object.h"

/* After the common part first come object fields only: exceptions.c counts them by the size. */
#define PyException_HEAD                             \
	PyObject_HEAD PyObject *dict;                \
	PyObject *args;      /* tuple */             \
	PyObject *traceback; /* or NULL */           \
	PyObject *context;   /* exception or NULL */ \
	PyObject *cause;     /* exception or NULL */ \
	char suppress_context;

typedef struct {
	PyException_HEAD
} PyBaseExceptionObject;
typedef struct {
	PyException_HEAD PyObject *code;
} PySystemExitObject;
typedef struct {
	PyException_HEAD PyObject *value;
} PyStopIterationObject;
typedef struct {
	PyException_HEAD PyObject *msg, *name, *path;
} PyImportErrorObject;
typedef struct {
	PyException_HEAD PyObject *name;
} PyNameErrorObject;
typedef struct {
	PyException_HEAD PyObject *obj, *name;
} PyAttributeErrorObject;
typedef struct {
	PyException_HEAD PyObject *myerrno, *strerror, *filename, *filename2;
} PyOSErrorObject;
typedef struct {
	PyException_HEAD PyObject *msg, *filename, *lineno, *offset, *end_lineno, *end_offset,
		*text, *print_file_and_line;
} PySyntaxErrorObject;
typedef struct {
	PyException_HEAD PyObject *encoding, *object, *reason;
	Py_ssize_t start, end;
} PyUnicodeErrorObject;
typedef struct {
	PyException_HEAD PyObject *msg;
	PyObject *excs; /* tuple */
} PyBaseExceptionGroupObject;

extern PyTypeObject PyTraceBack_Type; /* vm/traceback.c */

#define PyExceptionInstance_Check(o) PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_BASE_EXC_SUBCLASS)
#define PyExceptionClass_Check(o)                                   \
	(PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_TYPE_SUBCLASS) && \
	 PyType_HasFeature((PyTypeObject *)(o), Py_TPFLAGS_BASE_EXC_SUBCLASS))

PyObject *PyException_GetTraceback(PyObject *exc);             /* new or NULL */
int PyException_SetTraceback(PyObject *exc, PyObject *tb);     /* a traceback, or None */
PyObject *PyException_GetContext(PyObject *exc);               /* new or NULL */
void PyException_SetContext(PyObject *exc, PyObject *context); /* steals; NULL clears */
PyObject *PyException_GetCause(PyObject *exc);                 /* new or NULL */
void PyException_SetCause(PyObject *exc, PyObject *cause);     /* steals; sets suppress_context */

/* A new StopIteration(value) set as pending; value may be any object. */
void _PyGen_SetStopIterationValue(PyObject *value);
/* With StopIteration pending: takes its value (new) and clears it, 0; with nothing pending: None,
 * 0; with another exception: -1. */
int _PyGen_FetchStopIterationValue(PyObject **value);

/* The part of an exception (group) whose leaves match type, and the rest; new references, None for
 * an empty one. What except* does. 0 or -1. */
int _PyExc_SplitGroup(PyObject *exc, PyObject *type, PyObject **match, PyObject **rest);
/* What is raised at the end of except* handlers: original and the list of what they raised. New
 * reference, None for nothing, or NULL. */
PyObject *_PyExc_PrepReraiseStar(PyObject *original, PyObject *raised);

PyObject *PyUnicodeDecodeError_Create(const char *encoding, const char *object, Py_ssize_t length,
				      Py_ssize_t start, Py_ssize_t end, const char *reason);
PyObject *PyUnicodeEncodeError_Create(const char *encoding, PyObject *object, Py_ssize_t start,
				      Py_ssize_t end, const char *reason);

/* Shared by the files of exceptions. */
int _PyBaseException_Init(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *_PyBaseException_New(PyTypeObject *type, PyObject *args, PyObject *kwargs);
PyObject *_PyBaseException_Str(PyObject *self);
#define _PY_EXCEPTION_GROUPS(G) \
	G(exit)                 \
	G(stop) G(import) G(name) G(attribute) G(os) G(syntax) G(decode) G(encode) G(translate)
#define PY_DECLARE_GROUP(g)                                                      \
	int _PyExc_##g##_init(PyObject *self, PyObject *args, PyObject *kwargs); \
	extern PyMemberDef _PyExc_##g##_members[];
_PY_EXCEPTION_GROUPS(PY_DECLARE_GROUP)
#undef PY_DECLARE_GROUP
PyObject *_PyExc_key_str(PyObject *self), *_PyExc_import_str(PyObject *self),
	*_PyExc_os_str(PyObject *self), *_PyExc_syntax_str(PyObject *self),
	*_PyExc_decode_str(PyObject *self), *_PyExc_encode_str(PyObject *self),
	*_PyExc_translate_str(PyObject *self), *_PyExc_group_str(PyObject *self);
PyObject *_PyExc_os_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
PyObject *_PyExc_group_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
extern PyMethodDef _PyExc_group_methods[];
extern PyMemberDef _PyExc_group_members[];

/* Readies them all, makes ExceptionGroup and the MemoryError for bad times: 0 or -1. */
int _PyExc_Init(void);
/* Puts every exception into the builtins' dict. */
int _PyExc_AddBuiltins(PyObject *dict);

#endif
