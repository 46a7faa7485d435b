/* SPDX-License-Identifier: BSD-2-Clause */
/* When which event goes to whom; see trace.h. */
#include "vm/trace.h"

#include "core/errors.h"
#include "core/probe.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/exceptions.h"
#include "objects/method.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "vm/opcode.h"

volatile uint16_t minipy_line_semaphore __attribute__((section(".probes")));

static PyObject **hook_of(PyThreadState *ts, enum _PyTraceHook hook)
{
	return hook == PY_HOOK_TRACE ? &ts->trace_func : &ts->profile_func;
}

static void update(PyThreadState *ts)
{
	ts->use_tracing = !ts->tracing && (ts->trace_func || ts->profile_func);
}

void _PyTrace_Set(enum _PyTraceHook hook, PyObject *func)
{
	PyThreadState *ts = PyThreadState_Get();
	PyObject **place = hook_of(ts, hook);
	PyObject *old = *place;

	*place = Py_XNewRef(func);
	update(ts);
	if (ts->use_tracing) /* frames that run already look up */
		__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_TRACE, __ATOMIC_RELEASE);
	Py_XDECREF(old);
}

PyObject *_PyTrace_Get(enum _PyTraceHook hook)
{
	return *hook_of(PyThreadState_Get(), hook);
}

/* func(frame, event, arg) with events off: new reference. A pending exception is kept. */
static PyObject *call_hook(PyThreadState *ts, PyObject *func, PyFrameObject *f, const char *event,
			   PyObject *arg)
{
	PyObject *pending = PyErr_GetRaisedException();
	PyObject *name = PyUnicode_InternFromString(event);
	PyObject *args[4] = {NULL, (PyObject *)f, name, arg ? arg : Py_None};
	PyObject *result = NULL;

	ts->tracing++;
	update(ts);
	Py_INCREF(func);
	if (name)
		result = PyObject_Vectorcall(func, args + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET,
					     NULL);
	Py_DECREF(func);
	ts->tracing--;
	update(ts);
	Py_XDECREF(name);
	if (result)
		PyErr_SetRaisedException(pending);
	else
		Py_XDECREF(pending);
	return result;
}

/* A profile function that raises is gone; its result means nothing. */
static int profile_event(PyThreadState *ts, PyFrameObject *f, const char *event, PyObject *arg)
{
	if (!ts->profile_func || ts->tracing)
		return 0;
	PyObject *result = call_hook(ts, ts->profile_func, f, event, arg);

	if (!result)
		_PyTrace_Set(PY_HOOK_PROFILE, NULL);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

/* "call" goes to the thread's function, the rest to the frame's; either says who is next. */
static int trace_event(PyThreadState *ts, PyFrameObject *f, const char *event, bool call,
		       PyObject *arg)
{
	PyObject *func = call ? ts->trace_func : f->f_trace;

	if (!ts->trace_func || !func || ts->tracing)
		return 0;
	PyObject *result = call_hook(ts, func, f, event, arg);

	if (!result) {
		_PyTrace_Set(PY_HOOK_TRACE, NULL);
		Py_CLEAR(f->f_trace);
		return -1;
	}
	if (Py_IsNone(result))
		Py_DECREF(result);
	else
		Py_XSETREF(f->f_trace, result);
	return 0;
}

static int entered(PyThreadState *ts, PyFrameObject *f)
{
	if (trace_event(ts, f, "call", true, NULL) < 0)
		return -1;
	return profile_event(ts, f, "call", NULL);
}

static int opcode_at(PyFrameObject *f, int unit)
{
	return unit < 0 ? -1 : f->f_code->co_units[2 * unit];
}

/* What stands before a code's first RESUME (cells, the generator) is not part of any line. */
static bool before_body(PyFrameObject *f)
{
	int unit = 0;

	while (unit < f->f_code->co_nunits && opcode_at(f, unit) != OP_RESUME)
		unit++;
	return f->f_lasti < unit;
}

/* Whether a line begins at f_lasti: it is the first of a call, has another line than the unit that
 * ran before it, or was jumped back to. */
static bool line_begins(PyFrameObject *f, int prev, int line)
{
	if (opcode_at(f, prev) == OP_RESUME && f->f_code->co_units[2 * prev + 1] == 0)
		return true;
	if (f->f_lasti <= prev)
		return opcode_at(f, f->f_lasti) != OP_SEND;
	return PyCode_Addr2Line(f->f_code, prev) != line;
}

int _PyTrace_Unit(PyThreadState *ts, PyFrameObject *f, int prev)
{
	if (opcode_at(f, f->f_lasti) == OP_RESUME)
		return entered(ts, f);
	if ((!f->f_trace && !minipy_line_semaphore) || before_body(f))
		return 0;
	int line = PyCode_Addr2Line(f->f_code, f->f_lasti);

	if (line >= 0 && line_begins(f, prev, line)) {
		PROBE_COUNTED2("line", minipy_line_semaphore, f->f_code, (uint64_t)line);
		if (f->f_trace_lines && trace_event(ts, f, "line", false, NULL) < 0)
			return -1;
	}
	return f->f_trace_opcodes ? trace_event(ts, f, "opcode", false, NULL) : 0;
}

int _PyTrace_Raise(PyThreadState *ts, PyFrameObject *f)
{
	if (!ts->trace_func || !f->f_trace || ts->tracing)
		return 0;
	PyObject *exc = ts->current_exception;
	PyObject *tb = PyException_GetTraceback(exc);
	PyObject *arg = PyTuple_Pack(3, (PyObject *)Py_TYPE(exc), exc, tb ? tb : Py_None);
	int status = arg ? trace_event(ts, f, "exception", false, arg) : -1;

	Py_XDECREF(arg);
	Py_XDECREF(tb);
	return status;
}

/* What the profiler is told of: a C function, or a method descriptor bound to its object; new
 * reference, NULL without an exception for anything else. */
static PyObject *c_function(PyObject *callable, PyObject *const *args, Py_ssize_t nargs)
{
	if (PyCFunction_Check(callable))
		return Py_NewRef(callable);
	if (Py_IS_TYPE(callable, &PyMethodDescr_Type) && nargs > 0)
		return Py_TYPE(callable)->tp_descr_get(callable, args[0],
						       (PyObject *)Py_TYPE(args[0]));
	return NULL;
}

PyObject *_PyTrace_Call(PyThreadState *ts, PyFrameObject *f, PyObject *callable,
			PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
	PyObject *told = ts->profile_func && !ts->tracing
				 ? c_function(callable, args, PyVectorcall_NARGS(nargsf))
				 : NULL;

	if (!told) {
		if (PyErr_Occurred())
			return NULL;
		return PyObject_Vectorcall(callable, args, nargsf, kwnames);
	}
	PyObject *result = profile_event(ts, f, "c_call", told) < 0
				   ? NULL
				   : PyObject_Vectorcall(callable, args, nargsf, kwnames);

	if (profile_event(ts, f, result ? "c_return" : "c_exception", told) < 0)
		Py_CLEAR(result);
	Py_DECREF(told);
	return result;
}

/* The way out of a frame: "return" with its value, with None when it raises. A generator that was
 * just made has not begun: no event. */
static PyObject *leave(PyThreadState *ts, PyFrameObject *f, PyObject *result)
{
	if (opcode_at(f, f->f_lasti) == OP_RETURN_GENERATOR || !_PyTrace_Wanted(ts))
		return result;
	if (trace_event(ts, f, "return", false, result) < 0 ||
	    profile_event(ts, f, "return", result) < 0) {
		Py_CLEAR(result);
		f->f_state = PY_FRAME_RETURNED;
	}
	return result;
}

PyObject *_PyTrace_EvalFrame(PyThreadState *ts, PyFrameObject *f, int throw)
{
	if (throw &&entered(ts, f) < 0)
		throw = 1; /* what the hook raised takes the place of what was thrown */
	return leave(ts, f, _PyEval_LoopWithEvents(ts, f, throw));
}
