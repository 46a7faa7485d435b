/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime, its one interpreter, its threads, the GIL. Only the holder of the GIL touches
 * objects. The inspector reads these structs from outside at any instant: lists are linked so
 * that every prefix of the stores leaves them walkable.
 */
#ifndef MINIPY_CORE_STATE_H
#define MINIPY_CORE_STATE_H

#include "core/object.h"

#include <pthread.h>

struct PyFrameObject;
typedef struct PyInterpreterState PyInterpreterState;
typedef struct PyThreadState PyThreadState;

/* The exception being handled (sys.exc_info), one link per try level or generator. */
typedef struct _PyErr_StackItem {
	PyObject *exc_value; /* NULL or None: none at this level */
	struct _PyErr_StackItem *previous_item;
} _PyErr_StackItem;

struct PyThreadState {
	PyThreadState *next, *prev;
	PyInterpreterState *interp;
	struct PyFrameObject *frame;    /* innermost running frame */
	unsigned long thread_id;        /* pthread_self() */
	unsigned long native_thread_id; /* gettid() */
	uint64_t id;
	int recursion_depth;         /* Python and guarded C calls now on the stack */
	int recursion_headroom;      /* > 0 while a RecursionError is being handled */
	uintptr_t c_stack_limit;     /* the stack pointer must stay above this */
	PyObject *current_exception; /* raised, not yet caught; a normalised instance, or NULL */
	_PyErr_StackItem *exc_info;  /* top of the stack of handled exceptions */
	_PyErr_StackItem exc_state;  /* its bottom */
	int waits_for_gil;           /* read by the inspector */
	PyObject *dict;              /* thread-local storage, or NULL */
	PyObject *async_exc;         /* raised in the thread when it next looks */
	PyObject *reprs;             /* list of the containers being printed, or NULL */
	int trash_depth;
	PyObject *trash_later;   /* objects whose deallocation was put off */
	PyObject *trash_current; /* its class's destructor is about to call its base's */
	PyObject *trace_func, *profile_func; /* sys.settrace, sys.setprofile; or NULL */
	int tracing;     /* > 0 while one of them runs: it is not traced itself */
	int use_tracing; /* either is there and neither runs */
	PyObject *asyncgen_firstiter, *asyncgen_finalizer; /* sys.set_asyncgen_hooks; or NULL */
};

struct PyInterpreterState {
	PyInterpreterState *next;
	int64_t id;
	PyThreadState *threads_head;
	PyThreadState *threads_main;
	PyObject *modules; /* sys.modules */
	PyObject *sysdict;
	PyObject *builtins; /* dict of the builtins module */
	int recursion_limit;
	int gc_collecting;
};

typedef struct _PyRuntimeState {
	PyInterpreterState *interpreters_head;
	PyInterpreterState *interpreters_main;
	struct {
		int locked;            /* 1 while a thread holds it */
		PyThreadState *holder; /* the last holder; means something only while locked */
		int drop_request;      /* somebody has waited for a switch interval */
		unsigned long switch_number;
		pthread_mutex_t mutex;
		pthread_cond_t cond, switch_cond;
	} gil;
	unsigned long main_thread; /* pthread_self() of it */
	int finalizing;
	PyInterpreterState main_interp;
	uint64_t next_thread_id;
	struct _PyArena *heap_arenas; /* newest first (core/heap.h) */
} PyRuntimeState;

extern PyRuntimeState _PyRuntime;
extern _Thread_local PyThreadState *_Py_tstate;
#define PyThreadState_Get() (_Py_tstate)

/* Anything that eval must look at between two instructions: checked on backward jumps and at
 * function entry. Bits below; set by signal handlers and other threads with atomic stores. */
extern volatile int _Py_eval_breaker;
enum {
	PY_BREAK_SIGNAL = 1,
	PY_BREAK_GIL = 2,
	PY_BREAK_GC = 4,
	PY_BREAK_ASYNC = 8,
	PY_BREAK_TRACE = 16
};
/* Handles what is set: 0, or -1 with an exception (KeyboardInterrupt). */
int _Py_HandlePending(void);

int _PyRuntime_Init(void); /* runtime, main interpreter, main thread state; takes the GIL */
/* By the main thread, at the program's end: from now on no other thread gets the GIL. */
void _PyRuntime_BeginEnd(void);
void _PyRuntime_AfterFork(void); /* in the child, by the thread that forked */
PyThreadState *PyThreadState_New(PyInterpreterState *interp);
/* Lets go of what a thread's state owns, while it is still the current one: destructors may run
 * Python code. Delete wants it done and needs no GIL. */
void PyThreadState_Clear(PyThreadState *ts);
void PyThreadState_Delete(PyThreadState *ts);
/* exc, a class (NULL: nothing any more), is raised in the thread when it next looks: 1, or 0 when
 * there is no such thread. */
int PyThreadState_SetAsyncExc(unsigned long thread_id, PyObject *exc);
void PyEval_AcquireThread(PyThreadState *ts); /* takes the GIL for ts and makes it current */
void PyEval_ReleaseThread(PyThreadState *ts);
PyThreadState *PyEval_SaveThread(void); /* releases the GIL around a blocking call */
void PyEval_RestoreThread(PyThreadState *ts);
#define Py_BEGIN_ALLOW_THREADS \
	{                      \
		PyThreadState *save_ = PyEval_SaveThread();
#define Py_END_ALLOW_THREADS         \
	PyEval_RestoreThread(save_); \
	}

/* Py_EnterRecursiveCall and its end without a call, for those who have the thread state at hand. */
Py_NOINLINE int _Py_RecursionTooDeep(PyThreadState *ts, const char *where);
static inline int _Py_EnterRecursive(PyThreadState *ts, const char *where)
{
	if (Py_UNLIKELY(++ts->recursion_depth > ts->interp->recursion_limit ||
			(uintptr_t)__builtin_frame_address(0) < ts->c_stack_limit))
		return _Py_RecursionTooDeep(ts, where);
	return 0;
}

static inline void _Py_LeaveRecursive(PyThreadState *ts)
{
	ts->recursion_depth--;
}

/* For C code that may nest deeper than the recursion limit, which then does not count it: 0, or -1
 * with RecursionError when the real C stack is used up. */
Py_NOINLINE int _Py_StackUsedUp(PyThreadState *ts);
static inline int _Py_CheckStack(void)
{
	PyThreadState *ts = PyThreadState_Get();

	if (Py_UNLIKELY((uintptr_t)__builtin_frame_address(0) < ts->c_stack_limit))
		return _Py_StackUsedUp(ts);
	return 0;
}

/* Signals: SIGINT raises KeyboardInterrupt in the main thread. */
void PyErr_SetInterrupt(void); /* async-signal-safe */
int PyErr_CheckSignals(void);  /* 0, or -1 with KeyboardInterrupt */
void _PySignals_Init(void);    /* installs the handlers; SIGPIPE is ignored */
/* For a thread that runs on a stack of our own making; else PyEval_AcquireThread finds it out. */
void _PyThreadState_SetStack(PyThreadState *ts, void *lowest);

/* Fills and publishes minipy_layout; called before the first bytecode. eval_slot is measured by
 * the eval function itself (vm). */
void _PyLayout_Publish(void);

/* The main program runs on a 256 MiB stack of its own, threads on 16 MiB, each with a guard page.
 */
#define PY_MAIN_STACK_SIZE   ((size_t)256 << 20)
#define PY_THREAD_STACK_SIZE ((size_t)16 << 20)
#define PY_STACK_RESERVE     ((size_t)128 << 10) /* kept free for C code without checks */

#endif
