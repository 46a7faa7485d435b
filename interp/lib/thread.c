/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * _thread: threads and locks; threading is written in Python over it (threading.py).
 *
 * A thread is detached: nobody joins it natively. Its thread state is made by the parent, so that
 * it is in the list before the thread runs, and deleted by the thread itself.
 */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"

#include <errno.h>
#include <math.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* -- locks
 * -------------------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD sem_t sem;
	bool locked;
} LockObject;

static PyTypeObject PyLock_Type;

static LockObject *lock_new(void)
{
	LockObject *lock = PyObject_New(LockObject, &PyLock_Type);

	if (!lock)
		return NULL;
	sem_init(&lock->sem, 0, 1);
	lock->locked = false;
	return lock;
}

static void lock_dealloc(PyObject *self)
{
	sem_destroy(&((LockObject *)self)->sem);
	PyObject_Free(self);
}

/* 1 got it, 0 time is up, -1 a signal's exception. timeout_s < 0: for ever. */
static int lock_take(LockObject *lock, bool blocking, double timeout_s)
{
	struct timespec deadline;

	if (sem_trywait(&lock->sem) == 0) {
		lock->locked = true;
		return 1;
	}
	if (!blocking)
		return 0;
	if (timeout_s >= 0) {
		clock_gettime(CLOCK_MONOTONIC, &deadline);
		long long ns = deadline.tv_nsec + (long long)(timeout_s * 1e9);

		deadline.tv_sec += (time_t)(ns / 1000000000);
		deadline.tv_nsec = (long)(ns % 1000000000);
	}
	for (;;) {
		int status;
		int error;

		Py_BEGIN_ALLOW_THREADS status =
			timeout_s >= 0 ? sem_clockwait(&lock->sem, CLOCK_MONOTONIC, &deadline)
				       : sem_wait(&lock->sem);
		error = errno;
		Py_END_ALLOW_THREADS if (status == 0)
		{
			lock->locked = true;
			return 1;
		}
		if (error == ETIMEDOUT)
			return 0;
		if (PyErr_CheckSignals() < 0)
			return -1;
	}
}

static PyObject *lock_acquire(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	static const char *const names[] = {"blocking", "timeout", NULL};
	static const struct PyArgSpec spec = {"acquire", names, 0, 0, 2};
	PyObject *a[2];
	double timeout = -1;

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0)
		return NULL;
	int blocking = a[0] ? PyObject_IsTrue(a[0]) : 1;

	if (blocking < 0)
		return NULL;
	if (a[1]) {
		timeout = PyFloat_AsDouble(a[1]);
		if (timeout == -1.0 && PyErr_Occurred())
			return NULL;
	}
	if (!blocking && timeout != -1) {
		PyErr_SetString(PyExc_ValueError,
				"can't specify a timeout for a non-blocking call");
		return NULL;
	}
	if ((timeout < 0 && timeout != -1) || isnan(timeout)) {
		PyErr_SetString(PyExc_ValueError, "timeout value must be a non-negative number");
		return NULL;
	}
	if (timeout > 9.2e9) {
		PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
		return NULL;
	}
	int got = lock_take((LockObject *)self, blocking, timeout);

	return got < 0 ? NULL : PyBool_FromLong(got);
}

static PyObject *lock_release(PyObject *self, PyObject *unused)
{
	LockObject *lock = (LockObject *)self;

	if (!lock->locked) {
		PyErr_SetString(PyExc_RuntimeError, "release unlocked lock");
		return NULL;
	}
	lock->locked = false;
	sem_post(&lock->sem);
	Py_RETURN_NONE;
}

static PyObject *lock_locked(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(((LockObject *)self)->locked);
}

static PyObject *lock_exit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return lock_release(self, NULL);
}

static PyObject *lock_repr(PyObject *self)
{
	return PyUnicode_FromFormat("<%s %s object at %p>",
				    ((LockObject *)self)->locked ? "locked" : "unlocked",
				    Py_TYPE(self)->tp_name, self);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef lock_methods[] = {
	{"acquire", FAST(lock_acquire), METH_FASTCALL | METH_KEYWORDS, "Lock the lock."},
	{"release", lock_release, METH_NOARGS, "Release the lock."},
	{"locked", lock_locked, METH_NOARGS, "Whether the lock is in the locked state."},
	{"__enter__", FAST(lock_acquire), METH_FASTCALL | METH_KEYWORDS, "Lock the lock."},
	{"__exit__", FAST(lock_exit), METH_FASTCALL, "Release the lock."},
	{0},
};

static PyTypeObject PyLock_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "_thread.lock",
	.tp_basicsize = sizeof(LockObject),
	.tp_dealloc = lock_dealloc,
	.tp_repr = lock_repr,
	.tp_methods = lock_methods,
};

/* -- threads
 * ------------------------------------------------------------------------------------------- */
/* What stack_size() said last; 0 stands for PY_THREAD_STACK_SIZE. */
static size_t asked_stack_size;

struct boot {
	PyThreadState *ts;
	size_t stack_size;
	PyObject *func, *args, *kwargs;
};

static void thread_report(PyObject *func)
{
	if (PyErr_ExceptionMatches(PyExc_SystemExit))
		PyErr_Clear();
	else
		PyErr_WriteUnraisable(func);
}

static void *thread_main(void *arg)
{
	struct boot boot = *(struct boot *)arg;

	PyMem_RawFree(arg);
	boot.ts->thread_id = (unsigned long)pthread_self();
	boot.ts->native_thread_id = (unsigned long)syscall(SYS_gettid);
	boot.ts->c_stack_limit =
		(uintptr_t)__builtin_frame_address(0) - boot.stack_size + 2 * PY_STACK_RESERVE;
	PyEval_AcquireThread(boot.ts);
	PyObject *result = PyObject_Call(boot.func, boot.args, boot.kwargs);

	if (!result)
		thread_report(boot.func);
	Py_XDECREF(result);
	Py_DECREF(boot.func);
	Py_DECREF(boot.args);
	Py_XDECREF(boot.kwargs);
	PyThreadState_Clear(boot.ts);
	PyEval_ReleaseThread(boot.ts);
	PyThreadState_Delete(boot.ts);
	return NULL;
}

static int start_native(struct boot *boot, pthread_t *thread)
{
	pthread_attr_t attr;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, boot->stack_size);
	error = pthread_create(thread, &attr, thread_main, boot);
	pthread_attr_destroy(&attr);
	return error;
}

/* Less than MIN_STACK_SIZE would leave nothing beside the reserve. */
#define MIN_STACK_SIZE (8 * PY_STACK_RESERVE)
#define MAX_STACK_SIZE ((size_t)1 << 40)

static size_t wanted_stack_size(void)
{
	if (!asked_stack_size)
		return PY_THREAD_STACK_SIZE;
	return asked_stack_size < MIN_STACK_SIZE ? MIN_STACK_SIZE : asked_stack_size;
}

static PyObject *stack_size(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	size_t before = asked_stack_size;
	Py_ssize_t wanted;

	if (!PyArg_CheckPositional("stack_size", nargs, 0, 1))
		return NULL;
	if (nargs) {
		wanted = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
		if (wanted == -1 && PyErr_Occurred())
			return NULL;
		if (wanted < 0)
			return PyErr_Format(PyExc_ValueError, "size must be 0 or a positive value");
		if (wanted && (wanted < 32768 || (size_t)wanted > MAX_STACK_SIZE))
			return PyErr_Format(PyExc_ValueError, "size not valid: %zd bytes", wanted);
		asked_stack_size = (size_t)wanted;
	}
	return PyLong_FromSize_t(before);
}

static PyObject *start_new_thread(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	pthread_t thread;

	if (!PyArg_CheckPositional("start_new_thread", nargs, 2, 3))
		return NULL;
	if (!PyCallable_Check(args[0]))
		return PyErr_Format(PyExc_TypeError, "first arg must be callable");
	if (!PyTuple_Check(args[1]))
		return PyErr_Format(PyExc_TypeError, "2nd arg must be a tuple");
	if (nargs > 2 && !PyDict_Check(args[2]))
		return PyErr_Format(PyExc_TypeError, "optional 3rd arg must be a dictionary");
	if (_PyRuntime.finalizing)
		return PyErr_Format(PyExc_RuntimeError,
				    "can't create new thread at interpreter shutdown");
	struct boot *boot = PyMem_RawMalloc(sizeof(*boot));
	PyThreadState *ts = boot ? PyThreadState_New(PyThreadState_Get()->interp) : NULL;

	if (!ts) {
		PyMem_RawFree(boot);
		return PyErr_NoMemory();
	}
	*boot = (struct boot){ts, wanted_stack_size(), Py_NewRef(args[0]), Py_NewRef(args[1]),
			      nargs > 2 ? Py_NewRef(args[2]) : NULL};
	if (start_native(boot, &thread) != 0) {
		Py_DECREF(boot->func);
		Py_DECREF(boot->args);
		Py_XDECREF(boot->kwargs);
		PyThreadState_Delete(ts);
		PyMem_RawFree(boot);
		return PyErr_Format(PyExc_RuntimeError, "can't start new thread");
	}
	return PyLong_FromUnsignedLong((unsigned long)thread);
}

static PyObject *allocate_lock(PyObject *self, PyObject *unused)
{
	return (PyObject *)lock_new();
}

static PyObject *thread_exit(PyObject *self, PyObject *unused)
{
	PyErr_SetNone(PyExc_SystemExit);
	return NULL;
}

static PyObject *get_ident(PyObject *self, PyObject *unused)
{
	return PyLong_FromUnsignedLong((unsigned long)pthread_self());
}

static PyObject *get_native_id(PyObject *self, PyObject *unused)
{
	return PyLong_FromLong(syscall(SYS_gettid));
}

/* The thread's own dict, for threading.local; made on first use. */
static PyObject *thread_dict(PyObject *self, PyObject *unused)
{
	PyThreadState *ts = PyThreadState_Get();

	if (!ts->dict)
		ts->dict = PyDict_New();
	return Py_XNewRef(ts->dict);
}

/* What CPython keeps for its C interface, PyThreadState_SetAsyncExc(). */
static PyObject *set_async_exc(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	unsigned long id;

	if (!PyArg_CheckPositional("_set_async_exc", nargs, 2, 2))
		return NULL;
	id = PyLong_AsUnsignedLong(args[0]);
	if (id == (unsigned long)-1 && PyErr_Occurred())
		return NULL;
	if (!Py_IsNone(args[1]) && !PyExceptionClass_Check(args[1]))
		return PyErr_Format(PyExc_TypeError, "an exception class or None is required");
	return PyLong_FromLong(PyThreadState_SetAsyncExc(id, Py_IsNone(args[1]) ? NULL : args[1]));
}

static PyMethodDef thread_methods[] = {
	{"start_new_thread", FAST(start_new_thread), METH_FASTCALL,
	 "Start a thread; its identifier."},
	{"stack_size", FAST(stack_size), METH_FASTCALL,
	 "The stack size of threads to come, 0 for the usual one; set to the argument."},
	{"exit", thread_exit, METH_NOARGS, "Raise SystemExit: the thread ends."},
	{"allocate_lock", allocate_lock, METH_NOARGS, "A new, unlocked lock."},
	{"get_ident", get_ident, METH_NOARGS, "The identifier of the running thread."},
	{"get_native_id", get_native_id, METH_NOARGS, "The kernel's number of the running thread."},
	{"_set_async_exc", FAST(set_async_exc), METH_FASTCALL,
	 "Have a class raised in a thread soon; the number of threads found."},
	{"_dict", thread_dict, METH_NOARGS, "The running thread's own dict."},
	{0},
};

PyObject *_PyThread_Init(void)
{
	PyObject *module = PyModule_New("_thread");

	if (!module)
		return NULL;
	if (PyType_Ready(&PyLock_Type) < 0 || PyModule_AddFunctions(module, thread_methods) < 0 ||
	    PyModule_AddObjectRef(module, "LockType", (PyObject *)&PyLock_Type) < 0 ||
	    PyModule_AddObjectRef(module, "error", PyExc_RuntimeError) < 0)
		Py_CLEAR(module);
	return module;
}
