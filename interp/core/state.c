/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime, its threads and the GIL.
 *
 * Thread states stand in a list that other processes read at any instant: a state is complete
 * before it is linked at the head, and is unlinked before it is freed.
 */
#include "core/state.h"

#include "core/errors.h"
#include "core/gc.h"
#include "core/heap.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define SWITCH_INTERVAL_NS      5000000L
#define DEFAULT_RECURSION_LIMIT 1000
/* ASan's frames are several times larger. */
#define STACK_RESERVE (PY_STACK_RESERVE * (PY_SANITIZED ? 2 : 1))

PyRuntimeState _PyRuntime;
_Thread_local PyThreadState *_Py_tstate;
volatile int _Py_eval_breaker;

static pthread_mutex_t threads_mutex = PTHREAD_MUTEX_INITIALIZER;

#define STORE(lv, v) __atomic_store_n(&(lv), (v), __ATOMIC_RELEASE)

/* -- The GIL ----------------------------------------------------------------------------------- */
static int wait_interval(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += SWITCH_INTERVAL_NS;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return pthread_cond_timedwait(cond, mutex, &until);
}

static bool is_shut_out(const PyThreadState *ts)
{
	return _PyRuntime.finalizing && ts != ts->interp->threads_main;
}

/* Objects are being taken apart, and the process goes soon. */
_Noreturn static void wait_for_the_end(void)
{
	pthread_mutex_unlock(&_PyRuntime.gil.mutex);
	for (;;)
		pause();
}

static void take_gil(PyThreadState *ts)
{
	int saved = errno;

	STORE(ts->waits_for_gil, 1);
	pthread_mutex_lock(&_PyRuntime.gil.mutex);
	while (_PyRuntime.gil.locked || is_shut_out(ts)) {
		if (is_shut_out(ts))
			wait_for_the_end();
		unsigned long seen = _PyRuntime.gil.switch_number;

		if (wait_interval(&_PyRuntime.gil.cond, &_PyRuntime.gil.mutex) == ETIMEDOUT &&
		    _PyRuntime.gil.locked && _PyRuntime.gil.switch_number == seen) {
			_PyRuntime.gil.drop_request = 1;
			__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_GIL, __ATOMIC_RELEASE);
		}
	}
	if (_PyRuntime.gil.holder != ts) {
		STORE(_PyRuntime.gil.holder, ts);
		_PyRuntime.gil.switch_number++;
	}
	STORE(_PyRuntime.gil.locked, 1);
	_PyRuntime.gil.drop_request = 0;
	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_GIL, __ATOMIC_RELEASE);
	if (ts->async_exc)
		__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_ASYNC, __ATOMIC_RELEASE);
	pthread_cond_signal(&_PyRuntime.gil.switch_cond);
	pthread_mutex_unlock(&_PyRuntime.gil.mutex);
	STORE(ts->waits_for_gil, 0);
	errno = saved;
}

/* When another thread has asked for the GIL it gets it: the kernel would often give it straight
 * back to us. */
static void drop_gil(PyThreadState *ts)
{
	int saved = errno;

	pthread_mutex_lock(&_PyRuntime.gil.mutex);
	STORE(_PyRuntime.gil.locked, 0);
	pthread_cond_signal(&_PyRuntime.gil.cond);
	while (_PyRuntime.gil.drop_request && !_PyRuntime.gil.locked &&
	       _PyRuntime.gil.holder == ts && !_PyRuntime.finalizing)
		pthread_cond_wait(&_PyRuntime.gil.switch_cond, &_PyRuntime.gil.mutex);
	pthread_mutex_unlock(&_PyRuntime.gil.mutex);
	errno = saved;
}

PyThreadState *PyEval_SaveThread(void)
{
	PyThreadState *ts = _Py_tstate;

	_Py_tstate = NULL;
	drop_gil(ts);
	return ts;
}

void PyEval_RestoreThread(PyThreadState *ts)
{
	take_gil(ts);
	_Py_tstate = ts;
}

/* -- Thread states ----------------------------------------------------------------------------- */
void _PyThreadState_SetStack(PyThreadState *ts, void *lowest)
{
	STORE(ts->c_stack_limit, (uintptr_t)lowest + STACK_RESERVE);
}

/* What only the thread itself can say of itself. */
static void bind_thread(PyThreadState *ts)
{
	pthread_attr_t attr;
	void *lowest;
	size_t size;

	STORE(ts->thread_id, (unsigned long)pthread_self());
	STORE(ts->native_thread_id, (unsigned long)gettid());
	if (ts->c_stack_limit || pthread_getattr_np(pthread_self(), &attr) != 0)
		return;
	if (pthread_attr_getstack(&attr, &lowest, &size) == 0)
		_PyThreadState_SetStack(ts, lowest);
	pthread_attr_destroy(&attr);
}

PyThreadState *PyThreadState_New(PyInterpreterState *interp)
{
	PyThreadState *ts = PyMem_RawCalloc(1, sizeof(*ts));

	if (!ts)
		return NULL;
	ts->interp = interp;
	ts->exc_info = &ts->exc_state;
	pthread_mutex_lock(&threads_mutex);
	ts->id = ++_PyRuntime.next_thread_id;
	ts->next = interp->threads_head;
	if (ts->next)
		STORE(ts->next->prev, ts);
	STORE(interp->threads_head, ts);
	pthread_mutex_unlock(&threads_mutex);
	return ts;
}

void PyThreadState_Clear(PyThreadState *ts)
{
	Py_CLEAR(ts->current_exception);
	Py_CLEAR(ts->exc_state.exc_value);
	Py_CLEAR(ts->async_exc);
	Py_CLEAR(ts->dict);
	Py_CLEAR(ts->reprs);
	ts->use_tracing = 0;
	Py_CLEAR(ts->trace_func);
	Py_CLEAR(ts->profile_func);
	Py_CLEAR(ts->asyncgen_firstiter);
	Py_CLEAR(ts->asyncgen_finalizer);
}

void PyThreadState_Delete(PyThreadState *ts)
{
	pthread_mutex_lock(&threads_mutex);
	if (ts->prev)
		STORE(ts->prev->next, ts->next);
	else
		STORE(ts->interp->threads_head, ts->next);
	if (ts->next)
		STORE(ts->next->prev, ts->prev);
	pthread_mutex_unlock(&threads_mutex);
	if (_PyRuntime.gil.holder == ts && !_PyRuntime.gil.locked)
		STORE(_PyRuntime.gil.holder, NULL);
	PyMem_RawFree(ts);
}

void PyEval_AcquireThread(PyThreadState *ts)
{
	if (!ts->native_thread_id)
		bind_thread(ts);
	PyEval_RestoreThread(ts);
}

void PyEval_ReleaseThread(PyThreadState *ts)
{
	_Py_tstate = NULL;
	drop_gil(ts);
}

static int init_gil_locks(void)
{
	pthread_condattr_t attr;

	_PyHeap_Init();
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	int status = pthread_mutex_init(&_PyRuntime.gil.mutex, NULL) == 0 &&
				     pthread_cond_init(&_PyRuntime.gil.cond, &attr) == 0 &&
				     pthread_cond_init(&_PyRuntime.gil.switch_cond, &attr) == 0
			     ? 0
			     : -1;

	pthread_condattr_destroy(&attr);
	return status;
}

/* Only the calling thread lives on, and the locks may have been held by others. Their states are
 * off the list and leaked: what they own may be in any state. */
void _PyRuntime_AfterFork(void)
{
	PyThreadState *ts = _Py_tstate;

	init_gil_locks();
	pthread_mutex_init(&threads_mutex, NULL);
	_PyRuntime.gil.drop_request = 0;
	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_GIL, __ATOMIC_ACQ_REL);
	STORE(ts->next, NULL);
	STORE(ts->prev, NULL);
	STORE(ts->interp->threads_head, ts);
	STORE(ts->interp->threads_main, ts);
	STORE(ts->thread_id, (unsigned long)pthread_self());
	STORE(ts->native_thread_id, (unsigned long)gettid());
	STORE(_PyRuntime.main_thread, ts->thread_id);
}

int _PyRuntime_Init(void)
{
	PyInterpreterState *interp = &_PyRuntime.main_interp;
	PyThreadState *ts;

	if (init_gil_locks() < 0)
		return -1;
	_PyRuntime.main_thread = (unsigned long)pthread_self();
	interp->recursion_limit = DEFAULT_RECURSION_LIMIT;
	ts = PyThreadState_New(interp);
	if (!ts)
		return -1;
	interp->threads_main = ts;
	PyEval_AcquireThread(ts);
	_PyRuntime.interpreters_main = interp;
	STORE(_PyRuntime.interpreters_head, interp);
	return 0;
}

void _PyRuntime_BeginEnd(void)
{
	pthread_mutex_lock(&_PyRuntime.gil.mutex);
	STORE(_PyRuntime.finalizing, 1);
	pthread_mutex_unlock(&_PyRuntime.gil.mutex);
}

int PyThreadState_SetAsyncExc(unsigned long thread_id, PyObject *exc)
{
	PyObject *old = NULL;
	PyThreadState *ts;

	pthread_mutex_lock(&threads_mutex);
	ts = PyThreadState_Get()->interp->threads_head;
	while (ts && ts->thread_id != thread_id)
		ts = ts->next;
	if (ts) {
		old = ts->async_exc;
		ts->async_exc = Py_XNewRef(exc);
	}
	pthread_mutex_unlock(&threads_mutex);
	if (ts && exc)
		__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_ASYNC, __ATOMIC_RELEASE);
	Py_XDECREF(old);
	return ts != NULL;
}

/* -- Between two instructions ------------------------------------------------------------------ */
static int raise_async(PyThreadState *ts)
{
	PyObject *exc = ts->async_exc;

	ts->async_exc = NULL;
	PyErr_SetNone(exc);
	Py_DECREF(exc);
	return -1;
}

int _Py_HandlePending(void)
{
	PyThreadState *ts = PyThreadState_Get();
	int pending = __atomic_load_n(&_Py_eval_breaker, __ATOMIC_ACQUIRE);

	if ((pending & PY_BREAK_SIGNAL) && PyErr_CheckSignals() < 0)
		return -1;
	if (pending & PY_BREAK_TRACE) /* eval looks itself who listens */
		__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_TRACE, __ATOMIC_ACQ_REL);
	if (pending & PY_BREAK_GC)
		_PyGC_CollectDue();
	if (pending & PY_BREAK_GIL)
		PyEval_RestoreThread(PyEval_SaveThread());
	/* Another thread whom it concerns sets the bit again when it takes the GIL. */
	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_ASYNC, __ATOMIC_ACQ_REL);
	return ts->async_exc ? raise_async(ts) : 0;
}
