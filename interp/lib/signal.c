/* SPDX-License-Identifier: BSD-2-Clause */
/* The signal module. Handlers are Python callables that the main thread runs. */
#include "core/signals.h"

#include "core/errors.h"
#include "core/refs.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "vm/frame.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static PyObject *handlers[PY_NSIG]; /* a callable, the int of SIG_DFL or SIG_IGN; NULL: unknown */
static PyObject *default_handler, *ignore_handler;
PY_OWNS_REFS(handlers)
PY_OWNS_REFS(default_handler)
PY_OWNS_REFS(ignore_handler)

static PyObject *default_int_handler(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyErr_SetNone(PyExc_KeyboardInterrupt);
	return NULL;
}

/* Calls the handler of a signal with its number and the frame that it interrupted. */
static int deliver(int signo)
{
	PyObject *handler = handlers[signo];
	PyFrameObject *frame = PyThreadState_Get()->frame;

	if (!handler || handler == default_handler || handler == ignore_handler)
		return 0; /* it was changed since the signal came */
	PyObject *number = PyLong_FromLong(signo);
	PyObject *args[3] = {NULL, number, frame ? (PyObject *)frame : Py_None};
	PyObject *result = NULL;

	Py_INCREF(handler);
	if (number)
		result = PyObject_Vectorcall(handler, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET,
					     NULL);
	Py_DECREF(handler);
	Py_XDECREF(number);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

static int to_signo(PyObject *o)
{
	int signo = _PyLong_AsInt(o);

	if (signo == -1 && PyErr_Occurred())
		return -1;
	if (signo < 1 || signo >= PY_NSIG) {
		PyErr_SetString(PyExc_ValueError, "signal number out of range");
		return -1;
	}
	return signo;
}

static PyObject *handler_of(int signo)
{
	return Py_NewRef(handlers[signo] ? handlers[signo] : Py_None);
}

static PyObject *signal_signal(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("signal", nargs, 2, 2))
		return NULL;
	int signo = to_signo(args[0]);
	void (*action)(int) = _PySignals_Arrived;

	if (signo < 0)
		return NULL;
	if (pthread_self() != _PyRuntime.main_thread) {
		PyErr_SetString(PyExc_ValueError,
				"signal only works in main thread of the main interpreter");
		return NULL;
	}
	int is_default = PyObject_RichCompareBool(args[1], default_handler, Py_EQ);
	int is_ignore = PyObject_RichCompareBool(args[1], ignore_handler, Py_EQ);

	if (is_default < 0 || is_ignore < 0)
		return NULL;
	if (is_default || is_ignore) {
		action = is_default ? SIG_DFL : SIG_IGN;
	} else if (!PyCallable_Check(args[1])) {
		PyErr_SetString(PyExc_TypeError,
				"signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a "
				"callable object");
		return NULL;
	}
	if (_PySignals_Install(signo, action) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	PyObject *old = handler_of(signo);

	Py_XSETREF(handlers[signo], Py_NewRef(is_default  ? default_handler
					      : is_ignore ? ignore_handler
							  : args[1]));
	return old;
}

static PyObject *signal_getsignal(PyObject *self, PyObject *o)
{
	int signo = to_signo(o);

	return signo < 0 ? NULL : handler_of(signo);
}

static PyObject *after_sending(int error)
{
	if (error) {
		errno = error;
		return PyErr_SetFromErrno(PyExc_OSError);
	}
	if (PyErr_CheckSignals() < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *signal_raise_signal(PyObject *self, PyObject *o)
{
	int signo = _PyLong_AsInt(o);

	if (signo == -1 && PyErr_Occurred())
		return NULL;
	return after_sending(raise(signo) == 0 ? 0 : errno);
}

static PyObject *signal_pthread_kill(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	if (!PyArg_CheckPositional("pthread_kill", nargs, 2, 2))
		return NULL;
	unsigned long thread = PyLong_AsUnsignedLong(args[0]);
	int signo = PyErr_Occurred() ? -1 : _PyLong_AsInt(args[1]);

	if (PyErr_Occurred())
		return NULL;
	/* An id that is no thread's any more would be followed blindly. */
	for (PyThreadState *ts = PyThreadState_Get()->interp->threads_head; ts; ts = ts->next)
		if (ts->thread_id == thread)
			return after_sending(pthread_kill((pthread_t)thread, signo));
	return after_sending(ESRCH);
}

static PyObject *signal_alarm(PyObject *self, PyObject *o)
{
	int seconds = _PyLong_AsInt(o);

	if (seconds == -1 && PyErr_Occurred())
		return NULL;
	return PyLong_FromUnsignedLong(alarm((unsigned)seconds));
}

static PyObject *signal_pause(PyObject *self, PyObject *unused)
{
	Py_BEGIN_ALLOW_THREADS pause();
	Py_END_ALLOW_THREADS if (PyErr_CheckSignals() < 0) return NULL;
	Py_RETURN_NONE;
}

static int to_timeval(PyObject *seconds, struct timeval *ret)
{
	double s = PyFloat_AsDouble(seconds);

	if (s == -1.0 && PyErr_Occurred())
		return -1;
	if (!(s >= 0 && s < 1e15)) {
		PyErr_SetString(PyExc_ValueError, "timestamp out of range for platform time_t");
		return -1;
	}
	ret->tv_sec = (time_t)floor(s);
	ret->tv_usec = (suseconds_t)ceil((s - floor(s)) * 1e6);
	if (ret->tv_usec >= 1000000) {
		ret->tv_sec++;
		ret->tv_usec = 0;
	}
	return 0;
}

static PyObject *timer_pair(const struct itimerval *timer)
{
	PyObject *parts[2] = {
		PyFloat_FromDouble((double)timer->it_value.tv_sec +
				   (double)timer->it_value.tv_usec * 1e-6),
		PyFloat_FromDouble((double)timer->it_interval.tv_sec +
				   (double)timer->it_interval.tv_usec * 1e-6),
	};

	return _PyTuple_FromArraySteal(parts, 2);
}

static PyObject *signal_setitimer(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	struct itimerval timer = {0}, old;

	if (!PyArg_CheckPositional("setitimer", nargs, 2, 3))
		return NULL;
	int which = _PyLong_AsInt(args[0]);

	if ((which == -1 && PyErr_Occurred()) || to_timeval(args[1], &timer.it_value) < 0 ||
	    (nargs > 2 && to_timeval(args[2], &timer.it_interval) < 0))
		return NULL;
	if (setitimer(which, &timer, &old) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return timer_pair(&old);
}

static PyObject *signal_getitimer(PyObject *self, PyObject *o)
{
	struct itimerval timer;
	int which = _PyLong_AsInt(o);

	if (which == -1 && PyErr_Occurred())
		return NULL;
	if (getitimer(which, &timer) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return timer_pair(&timer);
}

static PyObject *signal_strsignal(PyObject *self, PyObject *o)
{
	int signo = to_signo(o);

	return signo < 0 ? NULL : PyUnicode_FromString(strsignal(signo));
}

static PyObject *set_of_signals(const sigset_t *set)
{
	PyObject *result = PySet_New(NULL);

	for (int signo = 1; result && signo < PY_NSIG; signo++) {
		if (sigismember(set, signo) != 1)
			continue;
		PyObject *number = PyLong_FromLong(signo);

		if (!number || PySet_Add(result, number) < 0)
			Py_CLEAR(result);
		Py_XDECREF(number);
	}
	return result;
}

static PyObject *signal_valid_signals(PyObject *self, PyObject *unused)
{
	sigset_t all;

	sigfillset(&all); /* leaves out the ones that the C library keeps for itself */
	return set_of_signals(&all);
}

static PyObject *signal_sigpending(PyObject *self, PyObject *unused)
{
	sigset_t pending;

	if (sigpending(&pending) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return set_of_signals(&pending);
}

static int to_set(PyObject *iterable, sigset_t *ret)
{
	PyObject *it = PyObject_GetIter(iterable), *item;

	sigemptyset(ret);
	while (it && (item = PyIter_Next(it)) != NULL) {
		int signo = to_signo(item);

		Py_DECREF(item);
		if (signo < 0)
			break;
		sigaddset(ret, signo);
	}
	Py_XDECREF(it);
	return PyErr_Occurred() ? -1 : 0;
}

static PyObject *signal_pthread_sigmask(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	sigset_t set, old;

	if (!PyArg_CheckPositional("pthread_sigmask", nargs, 2, 2))
		return NULL;
	int how = _PyLong_AsInt(args[0]);

	if ((how == -1 && PyErr_Occurred()) || to_set(args[1], &set) < 0)
		return NULL;
	int error = pthread_sigmask(how, &set, &old);

	if (error) {
		errno = error;
		return PyErr_SetFromErrno(PyExc_OSError);
	}
	return PyErr_CheckSignals() < 0 ? NULL : set_of_signals(&old);
}

#define FAST(f) ((PyCFunction)(void (*)(void))(f))

static PyMethodDef signal_methods[] = {
	{"signal", FAST(signal_signal), METH_FASTCALL, "Set the handler of a signal."},
	{"getsignal", signal_getsignal, METH_O, "The handler of a signal."},
	{"raise_signal", signal_raise_signal, METH_O, "Send a signal to the calling thread."},
	{"pthread_kill", FAST(signal_pthread_kill), METH_FASTCALL, "Send a signal to a thread."},
	{"alarm", signal_alarm, METH_O, "SIGALRM in so many seconds."},
	{"pause", signal_pause, METH_NOARGS, "Wait for a signal."},
	{"setitimer", FAST(signal_setitimer), METH_FASTCALL, "Set an interval timer."},
	{"getitimer", signal_getitimer, METH_O, "An interval timer's state."},
	{"strsignal", signal_strsignal, METH_O, "A signal's description."},
	{"valid_signals", signal_valid_signals, METH_NOARGS, "The signals that there are."},
	{"sigpending", signal_sigpending, METH_NOARGS, "The signals that are pending."},
	{"pthread_sigmask", FAST(signal_pthread_sigmask), METH_FASTCALL,
	 "Change the thread's signal mask."},
	{"default_int_handler", FAST(default_int_handler), METH_FASTCALL,
	 "SIGINT's handler: raises KeyboardInterrupt."},
	{0},
};

static const PyIntConstant constants[] = {
#define VALUE(name)         \
	{                   \
#name, name \
	}
	VALUE(SIGHUP),         VALUE(SIGINT),
	VALUE(SIGQUIT),        VALUE(SIGILL),
	VALUE(SIGTRAP),        VALUE(SIGABRT),
	VALUE(SIGBUS),         VALUE(SIGFPE),
	VALUE(SIGKILL),        VALUE(SIGUSR1),
	VALUE(SIGSEGV),        VALUE(SIGUSR2),
	VALUE(SIGPIPE),        VALUE(SIGALRM),
	VALUE(SIGTERM),        VALUE(SIGCHLD),
	VALUE(SIGCONT),        VALUE(SIGSTOP),
	VALUE(SIGTSTP),        VALUE(SIGTTIN),
	VALUE(SIGTTOU),        VALUE(SIGURG),
	VALUE(SIGXCPU),        VALUE(SIGXFSZ),
	VALUE(SIGVTALRM),      VALUE(SIGPROF),
	VALUE(SIGWINCH),       VALUE(SIGIO),
	VALUE(SIGPWR),         VALUE(SIGSYS),
	VALUE(SIG_BLOCK),      VALUE(SIG_UNBLOCK),
	VALUE(SIG_SETMASK),    VALUE(ITIMER_REAL),
	VALUE(ITIMER_VIRTUAL), VALUE(ITIMER_PROF),
#undef VALUE
	{"NSIG", PY_NSIG},     {0},
};

static int add_constants(PyObject *module)
{
	return PyModule_AddIntConstants(module, constants) < 0 ||
			       PyModule_AddObjectRef(module, "SIG_DFL", default_handler) < 0 ||
			       PyModule_AddObjectRef(module, "SIG_IGN", ignore_handler) < 0
		       ? -1
		       : 0;
}

/* What stood there when the program began; SIGINT's is the function of this module. */
static void find_handlers(PyObject *module)
{
	for (int signo = 1; signo < PY_NSIG; signo++) {
		struct sigaction now;

		if (sigaction(signo, NULL, &now) < 0)
			continue;
		if (now.sa_handler == SIG_DFL)
			handlers[signo] = Py_NewRef(default_handler);
		else if (now.sa_handler == SIG_IGN)
			handlers[signo] = Py_NewRef(ignore_handler);
		else if (now.sa_handler == _PySignals_Arrived)
			handlers[signo] = PyObject_GetAttrString(module, "default_int_handler");
	}
}

PyObject *_PySignal_Init(void)
{
	PyObject *module = PyModule_New("signal");

	default_handler = PyLong_FromLong((long)(intptr_t)SIG_DFL);
	ignore_handler = PyLong_FromLong((long)(intptr_t)SIG_IGN);
	if (!module || !default_handler || !ignore_handler ||
	    PyModule_AddFunctions(module, signal_methods) < 0 || add_constants(module) < 0) {
		Py_CLEAR(module);
		return NULL;
	}
	find_handlers(module);
	_PySignals_deliver = deliver;
	return module;
}
