/* SPDX-License-Identifier: BSD-2-Clause */
/* The time module: clocks and sleep. */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/module.h"

#include <errno.h>
#include <math.h>
#include <time.h>

static PyObject *clock_float(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return PyFloat_FromDouble((double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
}

static PyObject *clock_int(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return PyLong_FromLongLong((long long)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

#define CLOCK(name, id)                                                     \
	static PyObject *time_##name(PyObject *self, PyObject *unused)      \
	{                                                                   \
		return clock_float(id);                                     \
	}                                                                   \
	static PyObject *time_##name##_ns(PyObject *self, PyObject *unused) \
	{                                                                   \
		return clock_int(id);                                       \
	}
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(perf_counter, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)

/* Seconds of a number into a deadline on the monotonic clock. */
static int deadline_after(PyObject *seconds, struct timespec *ret)
{
	double s = PyFloat_AsDouble(seconds);

	if (s == -1.0 && PyErr_Occurred()) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_Format(PyExc_TypeError,
				     "'%.200s' object cannot be interpreted as an integer",
				     Py_TYPE(seconds)->tp_name);
		return -1;
	}
	if (isnan(s)) {
		PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
		return -1;
	}
	if (s < 0) {
		PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
		return -1;
	}
	if (s > 9.2e9) {
		PyErr_SetString(PyExc_OverflowError,
				"timestamp too large to convert to C _PyTime_t");
		return -1;
	}
	clock_gettime(CLOCK_MONOTONIC, ret);
	long long ns = ret->tv_nsec + (long long)ceil(s * 1e9);

	ret->tv_sec += (time_t)(ns / 1000000000);
	ret->tv_nsec = (long)(ns % 1000000000);
	return 0;
}

static PyObject *time_sleep(PyObject *self, PyObject *seconds)
{
	struct timespec deadline;

	if (deadline_after(seconds, &deadline) < 0)
		return NULL;
	for (;;) {
		int error;

		Py_BEGIN_ALLOW_THREADS error =
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL);
		Py_END_ALLOW_THREADS if (error == 0) Py_RETURN_NONE;
		if (error != EINTR) {
			errno = error;
			return PyErr_SetFromErrno(PyExc_OSError);
		}
		if (PyErr_CheckSignals() < 0)
			return NULL;
	}
}

static PyMethodDef time_methods[] = {
	{"sleep", time_sleep, METH_O, "Suspend execution for a number of seconds."},
	{"time", time_time, METH_NOARGS, "Seconds since the Epoch."},
	{"time_ns", time_time_ns, METH_NOARGS, "Nanoseconds since the Epoch."},
	{"monotonic", time_monotonic, METH_NOARGS, "Monotonic clock in seconds."},
	{"monotonic_ns", time_monotonic_ns, METH_NOARGS, "Monotonic clock in nanoseconds."},
	{"perf_counter", time_perf_counter, METH_NOARGS, "Performance counter in seconds."},
	{"perf_counter_ns", time_perf_counter_ns, METH_NOARGS,
	 "Performance counter in nanoseconds."},
	{"process_time", time_process_time, METH_NOARGS, "CPU time of the process in seconds."},
	{"process_time_ns", time_process_time_ns, METH_NOARGS,
	 "CPU time of the process in nanoseconds."},
	{"thread_time", time_thread_time, METH_NOARGS, "CPU time of the thread in seconds."},
	{"thread_time_ns", time_thread_time_ns, METH_NOARGS,
	 "CPU time of the thread in nanoseconds."},
	{0},
};

PyObject *_PyTime_Init(void)
{
	PyObject *module = PyModule_New("time");

	if (module && PyModule_AddFunctions(module, time_methods) < 0)
		Py_CLEAR(module);
	return module;
}
