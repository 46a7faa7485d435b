/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pending exception of the current thread: one normalised instance in
 * tstate->current_exception (CPython 3.12's form), or NULL. Whoever returns NULL or -1 has set it.
 */
#ifndef MINIPY_CORE_ERRORS_H
#define MINIPY_CORE_ERRORS_H

#include "core/object.h"
#include "core/state.h"

#include <stdarg.h>

/* EXC(name, base, constructor group) for every built-in exception, bases first. */
#define PY_EXCEPTIONS(EXC)                                  \
	EXC(BaseException, _, base)                         \
	EXC(Exception, BaseException, base)                 \
	EXC(BaseExceptionGroup, BaseException, group)       \
	EXC(GeneratorExit, BaseException, base)             \
	EXC(KeyboardInterrupt, BaseException, base)         \
	EXC(SystemExit, BaseException, exit)                \
	EXC(ArithmeticError, Exception, base)               \
	EXC(FloatingPointError, ArithmeticError, base)      \
	EXC(OverflowError, ArithmeticError, base)           \
	EXC(ZeroDivisionError, ArithmeticError, base)       \
	EXC(AssertionError, Exception, base)                \
	EXC(AttributeError, Exception, attribute)           \
	EXC(BufferError, Exception, base)                   \
	EXC(EOFError, Exception, base)                      \
	EXC(ImportError, Exception, import)                 \
	EXC(ModuleNotFoundError, ImportError, import)       \
	EXC(LookupError, Exception, base)                   \
	EXC(IndexError, LookupError, base)                  \
	EXC(KeyError, LookupError, key)                     \
	EXC(MemoryError, Exception, base)                   \
	EXC(NameError, Exception, name)                     \
	EXC(UnboundLocalError, NameError, name)             \
	EXC(OSError, Exception, os)                         \
	EXC(BlockingIOError, OSError, os)                   \
	EXC(ChildProcessError, OSError, os)                 \
	EXC(ConnectionError, OSError, os)                   \
	EXC(BrokenPipeError, ConnectionError, os)           \
	EXC(ConnectionAbortedError, ConnectionError, os)    \
	EXC(ConnectionRefusedError, ConnectionError, os)    \
	EXC(ConnectionResetError, ConnectionError, os)      \
	EXC(FileExistsError, OSError, os)                   \
	EXC(FileNotFoundError, OSError, os)                 \
	EXC(InterruptedError, OSError, os)                  \
	EXC(IsADirectoryError, OSError, os)                 \
	EXC(NotADirectoryError, OSError, os)                \
	EXC(PermissionError, OSError, os)                   \
	EXC(ProcessLookupError, OSError, os)                \
	EXC(TimeoutError, OSError, os)                      \
	EXC(ReferenceError, Exception, base)                \
	EXC(RuntimeError, Exception, base)                  \
	EXC(NotImplementedError, RuntimeError, base)        \
	EXC(RecursionError, RuntimeError, base)             \
	EXC(StopAsyncIteration, Exception, base)            \
	EXC(StopIteration, Exception, stop)                 \
	EXC(SyntaxError, Exception, syntax)                 \
	EXC(IndentationError, SyntaxError, syntax)          \
	EXC(TabError, IndentationError, syntax)             \
	EXC(SystemError, Exception, base)                   \
	EXC(TypeError, Exception, base)                     \
	EXC(ValueError, Exception, base)                    \
	EXC(UnicodeError, ValueError, base)                 \
	EXC(UnicodeDecodeError, UnicodeError, decode)       \
	EXC(UnicodeEncodeError, UnicodeError, encode)       \
	EXC(UnicodeTranslateError, UnicodeError, translate) \
	EXC(Warning, Exception, base)                       \
	EXC(BytesWarning, Warning, base)                    \
	EXC(DeprecationWarning, Warning, base)              \
	EXC(EncodingWarning, Warning, base)                 \
	EXC(FutureWarning, Warning, base)                   \
	EXC(ImportWarning, Warning, base)                   \
	EXC(PendingDeprecationWarning, Warning, base)       \
	EXC(ResourceWarning, Warning, base)                 \
	EXC(RuntimeWarning, Warning, base)                  \
	EXC(SyntaxWarning, Warning, base)                   \
	EXC(UnicodeWarning, Warning, base)                  \
	EXC(UserWarning, Warning, base)

#define PY_DECLARE_EXCEPTION(name, base, group) extern PyObject *const PyExc_##name;
PY_EXCEPTIONS(PY_DECLARE_EXCEPTION)
#undef PY_DECLARE_EXCEPTION
/* class ExceptionGroup(BaseExceptionGroup, Exception): two bases, so made at start; NULL before. */
extern PyObject *PyExc_ExceptionGroup;
#define PyExc_IOError          PyExc_OSError
#define PyExc_EnvironmentError PyExc_OSError

/* Sets type(value), or value itself when it is an instance already; __context__ becomes the
 * exception that is being handled. value may be NULL. */
void PyErr_SetObject(PyObject *type, PyObject *value);
void PyErr_SetString(PyObject *type, const char *utf8);
void PyErr_SetNone(PyObject *type);
/* Formats as PyUnicode_FromFormat does; always returns NULL. */
PyObject *PyErr_Format(PyObject *type, const char *format, ...);
PyObject *PyErr_FormatV(PyObject *type, const char *format, va_list va);
/* The same, with the exception pending until now as __cause__ and __context__. */
PyObject *_PyErr_FormatFromCause(PyObject *type, const char *format, ...);

/* The pending exception's type, borrowed, or NULL. */
static inline PyObject *PyErr_Occurred(void)
{
	PyObject *e = PyThreadState_Get()->current_exception;
	return e ? (PyObject *)Py_TYPE(e) : NULL;
}
void PyErr_Clear(void);
/* Of the pending exception; false when there is none. */
int PyErr_ExceptionMatches(PyObject *type);
/* given: a class or an instance; type: a class or a tuple of them. */
int PyErr_GivenExceptionMatches(PyObject *given, PyObject *type);

/* Takes the pending exception out (new reference or NULL); puts one back (stolen; NULL clears). */
PyObject *PyErr_GetRaisedException(void);
void PyErr_SetRaisedException(PyObject *exc);
/* The exception that is being handled (sys.exception()): new reference or NULL; borrowed form. */
PyObject *PyErr_GetHandledException(void);
PyObject *_PyErr_HandledException(void);
/* With exc taken out before and another one pending now: exc becomes its __context__; with none
 * pending exc is pending again. Steals exc, which may be NULL. */
void _PyErr_ChainExceptions1(PyObject *exc);

PyObject *PyErr_NoMemory(void);   /* NULL; the instance is preallocated */
int PyErr_BadArgument(void);      /* 0, with TypeError */
void PyErr_BadInternalCall(void); /* SystemError */
PyObject *PyErr_SetFromErrno(PyObject *type);
PyObject *PyErr_SetFromErrnoWithFilename(PyObject *type, const char *filename);
PyObject *PyErr_SetFromErrnoWithFilenameObject(PyObject *type, PyObject *filename);
PyObject *PyErr_SetImportError(PyObject *msg, PyObject *name, PyObject *path);
/* The exception cannot be raised any further (a destructor): says so on stderr and clears it. */
void PyErr_WriteUnraisable(PyObject *where);
/* "Type: message" of exc as a traceback's last line, on stderr; never fails. vm's printer with
 * the traceback takes its place once it is there. */
extern void (*_PyErr_display_hook)(PyObject *exc);

#endif
