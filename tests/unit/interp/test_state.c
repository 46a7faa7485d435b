/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static volatile int counter, stop;

static void *spin(void *arg)
{
	PyThreadState *ts = PyThreadState_New(&_PyRuntime.main_interp);

	PyEval_AcquireThread(ts);
	assert_int_equal(ts->native_thread_id, gettid());
	while (!stop) {
		counter++;
		if (_Py_eval_breaker && _Py_HandlePending() < 0)
			PyErr_Clear();
	}
	PyThreadState_Delete(ts);
	/* The state is gone, the GIL is still held. */
	_Py_tstate = NULL;
	_PyRuntime.gil.holder = NULL;
	pthread_mutex_lock(&_PyRuntime.gil.mutex);
	_PyRuntime.gil.locked = 0;
	pthread_cond_signal(&_PyRuntime.gil.cond);
	pthread_mutex_unlock(&_PyRuntime.gil.mutex);
	return NULL;
}

/* A thread that never blocks gives the GIL away when another waits for it. */
static void gil_is_switched(void **state)
{
	PyThreadState *me = PyThreadState_Get();
	pthread_t thread;
	int seen = 0;

	stop = counter = 0;
	assert_int_equal(pthread_create(&thread, NULL, spin, NULL), 0);
	for (int i = 0; i < 3; i++) {
		PyEval_SaveThread();
		usleep(20000);
		errno = EDOM;
		PyEval_RestoreThread(me);
		assert_int_equal(errno, EDOM);
		assert_int_equal(_PyRuntime.gil.locked, 1);
		assert_ptr_equal(_PyRuntime.gil.holder, me);
		assert_int_equal(me->waits_for_gil, 0);
		assert_true(counter > seen);
		seen = counter;
		usleep(2000);
		assert_int_equal(counter, seen);
	}
	assert_non_null(_PyRuntime.main_interp.threads_head->next);
	stop = 1;
	PyEval_SaveThread();
	pthread_join(thread, NULL);
	PyEval_RestoreThread(me);
	assert_ptr_equal(_PyRuntime.main_interp.threads_head, me);
	assert_null(me->next);
	assert_null(me->prev);
}

static void interrupt_is_raised(void **state)
{
	_PySignals_Init();
	assert_int_equal(_Py_HandlePending(), 0);
	raise(SIGINT);
	assert_true(_Py_eval_breaker & PY_BREAK_SIGNAL);
	assert_int_equal(_Py_HandlePending(), -1);
	assert_raised(PyExc_KeyboardInterrupt, "");
	assert_int_equal(_Py_HandlePending(), 0);
	assert_int_equal(_Py_eval_breaker, 0);
}

static int depth;

static int descend(void)
{
	int r;

	if (Py_EnterRecursiveCall(" in a test") < 0)
		return -1;
	depth++;
	r = descend();
	Py_LeaveRecursiveCall();
	return r;
}

static void recursion_ends_at_the_limit(void **state)
{
	PyInterpreterState *interp = PyThreadState_Get()->interp;

	depth = 0;
	assert_int_equal(descend(), -1);
	assert_raised(PyExc_RecursionError, "maximum recursion depth exceeded in a test");
	assert_int_equal(depth, interp->recursion_limit);
	assert_int_equal(PyThreadState_Get()->recursion_depth, 0);
}

/* Whatever limit a program sets, the real stack is what counts. */
static void recursion_ends_at_the_stack(void **state)
{
	PyInterpreterState *interp = PyThreadState_Get()->interp;
	int limit = interp->recursion_limit;

	interp->recursion_limit = INT32_MAX - 1;
	depth = 0;
	assert_int_equal(descend(), -1);
	interp->recursion_limit = limit;
	assert_raised(PyExc_RecursionError, "maximum recursion depth exceeded in a test");
	assert_true(depth > 5000);
	assert_int_equal(PyThreadState_Get()->recursion_depth, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gil_is_switched),
		cmocka_unit_test(interrupt_is_raised),
		cmocka_unit_test(recursion_ends_at_the_limit),
		cmocka_unit_test(recursion_ends_at_the_stack),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
