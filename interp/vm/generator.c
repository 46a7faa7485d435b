/* SPDX-License-Identifier: BSD-2-Clause */
/* Generators and coroutines: send, throw, close, and what happens when one is dropped half-way. */
#include "vm/generator.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "objects/warn.h"
#include "objects/weakref.h"
#include "vm/opcode.h"
#include "vm/traceback.h"

static const char *gen_kind(PyGenObject *gen)
{
	return PyCoro_CheckExact(gen)       ? "coroutine"
	       : PyAsyncGen_CheckExact(gen) ? "async generator"
					    : "generator";
}

static bool is_exact(PyObject *o)
{
	return PyGen_CheckExact(o) || PyCoro_CheckExact(o);
}

PyObject *_PyGen_New(PyFrameObject *f)
{
	int flags = f->f_code->co_flags;

	PyTypeObject *type = flags & CO_ASYNC_GENERATOR ? &PyAsyncGen_Type
			     : flags & CO_COROUTINE     ? &PyCoro_Type
							: &PyGen_Type;
	PyGenObject *gen = PyObject_GC_New(PyGenObject, type);

	if (!gen)
		return NULL;
	gen->gi_frame = (PyFrameObject *)Py_NewRef(f);
	gen->gi_code = Py_NewRef(f->f_code);
	gen->gi_name = Py_NewRef(f->f_code->co_name);
	gen->gi_qualname = Py_NewRef(f->f_code->co_qualname);
	gen->gi_exc_state = (_PyErr_StackItem){0};
	gen->gi_weakreflist = gen->ag_finalizer = NULL;
	gen->ag_hooks_inited = gen->ag_closed = gen->ag_running_async = false;
	f->f_gen = (PyObject *)gen;
	f->f_owner = 1;
	PyObject_GC_Track(f);
	PyObject_GC_Track(gen);
	return (PyObject *)gen;
}

static bool just_started(const PyFrameObject *f)
{
	return f->f_code->co_units[2 * f->f_lasti] == OP_RETURN_GENERATOR;
}

/* The frame has run to its end: the generator lets go of it. */
static void gen_finish(PyGenObject *gen)
{
	PyFrameObject *f = gen->gi_frame;

	if (!f)
		return;
	gen->gi_frame = NULL;
	f->f_gen = NULL;
	f->f_owner = 0;
	Py_DECREF(f);
}

/* StopIteration may not leave a generator's body: it would be taken for its end. */
static void convert_stop_iteration(PyGenObject *gen)
{
	if (PyAsyncGen_CheckExact(gen) && PyErr_ExceptionMatches(PyExc_StopAsyncIteration))
		_PyErr_FormatFromCause(PyExc_RuntimeError,
				       "async generator raised StopAsyncIteration");
	else if (PyErr_ExceptionMatches(PyExc_StopIteration))
		_PyErr_FormatFromCause(PyExc_RuntimeError, "%s raised StopIteration",
				       gen_kind(gen));
}

/* Runs the frame with value on its stack, or, with throw, with the pending exception. */
static PySendResult gen_resume(PyGenObject *gen, PyObject *value, bool throw, PyObject **ret)
{
	PyThreadState *ts = PyThreadState_Get();
	PyFrameObject *f = gen->gi_frame;

	*ret = NULL;
	if (f && f->f_state == PY_FRAME_EXECUTING) {
		PyErr_Format(PyExc_ValueError, "%s already executing", gen_kind(gen));
		return PYGEN_ERROR;
	}
	if (!f) {
		if (throw)
			return PYGEN_ERROR;
		if (Py_IS_TYPE(gen, &PyCoro_Type)) {
			PyErr_SetString(PyExc_RuntimeError,
					"cannot reuse already awaited coroutine");
			return PYGEN_ERROR;
		}
		*ret = Py_NewRef(Py_None);
		return PYGEN_RETURN;
	}
	if (just_started(f) && value && !Py_IsNone(value)) {
		PyErr_Format(PyExc_TypeError, "can't send non-None value to a just-started %s",
			     gen_kind(gen));
		return PYGEN_ERROR;
	}
	*f->f_stacktop++ = Py_NewRef(value ? value : Py_None);
	gen->gi_exc_state.previous_item = ts->exc_info;
	ts->exc_info = &gen->gi_exc_state;
	Py_INCREF(gen);
	*ret = PyEval_EvalFrame(f, throw);
	ts->exc_info = gen->gi_exc_state.previous_item;
	gen->gi_exc_state.previous_item = NULL;

	PySendResult result = PYGEN_NEXT;

	if (f->f_state != PY_FRAME_SUSPENDED) {
		result = *ret ? PYGEN_RETURN : PYGEN_ERROR;
		Py_CLEAR(gen->gi_exc_state.exc_value);
		gen_finish(gen);
		if (result == PYGEN_ERROR)
			convert_stop_iteration(gen);
	} else if (!*ret) {
		/* It could not even be entered (recursion limit): it stays as it was. */
		PyObject *unused = *--f->f_stacktop;

		Py_DECREF(unused);
		result = PYGEN_ERROR;
	}
	Py_DECREF(gen);
	return result;
}

/* A run's outcome as the iterator protocol says it: NULL at the end, StopIteration for a value. */
static PyObject *gen_outcome(PyGenObject *gen, PySendResult how, PyObject *value)
{
	if (how == PYGEN_NEXT)
		return value;
	if (how == PYGEN_RETURN) {
		if (PyAsyncGen_CheckExact(gen))
			PyErr_SetNone(PyExc_StopAsyncIteration);
		else if (!Py_IsNone(value))
			_PyGen_SetStopIterationValue(value);
		Py_DECREF(value);
	}
	return NULL;
}

/* The same for a method call, where the end is always an exception. */
static PyObject *gen_method_outcome(PyGenObject *gen, PySendResult how, PyObject *value)
{
	PyObject *result = gen_outcome(gen, how, value);

	if (!result && !PyErr_Occurred())
		PyErr_SetNone(PyExc_StopIteration);
	return result;
}

static PyObject *gen_iternext(PyObject *self)
{
	PyObject *value;
	PySendResult how = gen_resume((PyGenObject *)self, NULL, false, &value);

	return gen_outcome((PyGenObject *)self, how, value);
}

static PyObject *gen_send(PyObject *self, PyObject *arg)
{
	PyObject *value;
	PySendResult how = gen_resume((PyGenObject *)self, arg, false, &value);

	return gen_method_outcome((PyGenObject *)self, how, value);
}

PyObject *_PyGen_Send(PyObject *gen, PyObject *value)
{
	return gen_send(gen, value);
}

PySendResult PyIter_Send(PyObject *it, PyObject *value, PyObject **ret)
{
	if (is_exact(it))
		return gen_resume((PyGenObject *)it, value, false, ret);
	if (Py_IsNone(value) && Py_TYPE(it)->tp_iternext)
		*ret = Py_TYPE(it)->tp_iternext(it);
	else
		*ret = PyObject_CallMethodOneArg(it, _Py_ID(send), value);
	if (*ret)
		return PYGEN_NEXT;
	return _PyGen_FetchStopIterationValue(ret) == 0 ? PYGEN_RETURN : PYGEN_ERROR;
}

/* What a suspended frame is waiting for in `yield from` or `await`; borrowed or NULL. */
static PyObject *delegate_of(const PyFrameObject *f)
{
	if (!f || f->f_state != PY_FRAME_SUSPENDED || just_started(f))
		return NULL;
	const uint8_t *next = f->f_code->co_units + 2 * (f->f_lasti + 1);

	return next[0] == OP_RESUME && next[1] >= 2 ? f->f_stacktop[-1] : NULL;
}

static PyObject *gen_close(PyObject *self, PyObject *unused);
static PyObject *throw_into(PyGenObject *gen, PyObject *exc, bool keep_delegate);

static int close_delegate(PyObject *it)
{
	PyObject *result;

	if (is_exact(it)) {
		result = gen_close(it, NULL);
	} else {
		PyObject *close = NULL;

		if (_PyObject_LookupAttr(it, _Py_ID(close), &close) < 0)
			PyErr_WriteUnraisable(it);
		if (!close)
			return 0;
		result = PyObject_CallNoArgs(close);
		Py_DECREF(close);
	}
	Py_XDECREF(result);
	return result ? 0 : -1;
}

/* The delegate took the exception and ended: its result is the value of `yield from`. */
static PyObject *resume_after_delegate(PyGenObject *gen)
{
	PyFrameObject *f = gen->gi_frame;
	PyObject *value;

	if (_PyGen_FetchStopIterationValue(&value) == 0) {
		const uint8_t *send = f->f_code->co_units + 2 * (f->f_lasti - 1);
		PyObject *it = *--f->f_stacktop;
		unsigned distance = send[1];

		if (f->f_lasti >= 2 && send[-2] == OP_EXTENDED_ARG)
			distance |= (unsigned)send[-1] << 8;
		Py_DECREF(it);
		/* The unit before SEND's target: the run goes on there with the value pushed. */
		f->f_lasti = f->f_lasti - 1 + (int)distance;
		PyObject *out;
		PySendResult how = gen_resume(gen, value, false, &out);

		Py_DECREF(value);
		return gen_method_outcome(gen, how, out);
	}
	PySendResult how = gen_resume(gen, NULL, true, &value);

	return gen_method_outcome(gen, how, value);
}

static PyObject *throw_to_delegate(PyObject *it, PyObject *exc, bool *delivered)
{
	PyObject *method = NULL;
	PyObject *result;

	*delivered = true;
	if (is_exact(it))
		return throw_into((PyGenObject *)it, exc, false);
	if (_PyObject_LookupAttr(it, _Py_ID(throw), &method) < 0)
		return NULL;
	if (!method) {
		*delivered = false;
		return NULL;
	}
	result = PyObject_CallOneArg(method, exc);
	Py_DECREF(method);
	return result;
}

static PyObject *throw_into(PyGenObject *gen, PyObject *exc, bool keep_delegate)
{
	PyObject *it = delegate_of(gen->gi_frame);
	PyObject *value;
	PySendResult how;

	if (it && !keep_delegate && PyErr_GivenExceptionMatches(exc, PyExc_GeneratorExit)) {
		Py_INCREF(it);
		int8_t state = gen->gi_frame->f_state;

		gen->gi_frame->f_state = PY_FRAME_EXECUTING;
		int status = close_delegate(it);

		gen->gi_frame->f_state = state;
		Py_DECREF(it);
		if (status < 0) {
			how = gen_resume(gen, NULL, true, &value);
			return gen_method_outcome(gen, how, value);
		}
	} else if (it) {
		bool delivered;

		Py_INCREF(it);
		int8_t state = gen->gi_frame->f_state;

		gen->gi_frame->f_state = PY_FRAME_EXECUTING;
		PyObject *result = throw_to_delegate(it, exc, &delivered);

		gen->gi_frame->f_state = state;
		Py_DECREF(it);
		if (result)
			return result;
		if (delivered || PyErr_Occurred())
			return resume_after_delegate(gen);
	}
	PyErr_SetObject((PyObject *)Py_TYPE(exc), exc);
	if (gen->gi_frame && gen->gi_frame->f_state == PY_FRAME_SUSPENDED &&
	    just_started(gen->gi_frame)) {
		/* Nothing has run, so nothing can catch it; the traceback names the def line. */
		PyTraceBack_Here(gen->gi_frame);
		gen_finish(gen);
		return NULL;
	}
	how = gen_resume(gen, NULL, true, &value);
	return gen_method_outcome(gen, how, value);
}

/* throw(exc), throw(type, value=None, traceback=None) */
PyObject *_PyGen_Throw(PyObject *self, PyObject *const *args, Py_ssize_t nargs, bool keep_delegate)
{
	PyObject *exc;

	if (!PyArg_CheckPositional("throw", nargs, 1, 3))
		return NULL;
	PyObject *type = args[0];
	PyObject *value = nargs > 1 ? args[1] : Py_None;

	if (PyExceptionInstance_Check(type)) {
		if (!Py_IsNone(value)) {
			PyErr_SetString(PyExc_TypeError,
					"instance exception may not have a separate value");
			return NULL;
		}
		exc = Py_NewRef(type);
	} else if (PyExceptionClass_Check(type)) {
		if (PyExceptionInstance_Check(value))
			exc = Py_NewRef(value);
		else if (Py_IsNone(value))
			exc = PyObject_CallNoArgs(type);
		else
			exc = PyTuple_Check(value) ? PyObject_Call(type, value, NULL)
						   : PyObject_CallOneArg(type, value);
	} else {
		PyErr_Format(PyExc_TypeError,
			     "exceptions must be classes or instances deriving from BaseException, "
			     "not %s",
			     Py_TYPE(type)->tp_name);
		return NULL;
	}
	if (!exc)
		return NULL;
	if (nargs > 2 && !Py_IsNone(args[2]) && PyException_SetTraceback(exc, args[2]) < 0) {
		Py_DECREF(exc);
		return NULL;
	}
	PyObject *result = throw_into((PyGenObject *)self, exc, keep_delegate);

	Py_DECREF(exc);
	return result;
}

static PyObject *gen_throw(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return _PyGen_Throw(self, args, nargs, false);
}

static PyObject *gen_close(PyObject *self, PyObject *unused)
{
	PyGenObject *gen = (PyGenObject *)self;
	PyFrameObject *f = gen->gi_frame;

	if (!f)
		Py_RETURN_NONE;
	if (f->f_state == PY_FRAME_SUSPENDED && just_started(f)) {
		gen_finish(gen);
		Py_RETURN_NONE;
	}
	PyObject *it = delegate_of(f);
	int status = 0;

	if (it) {
		Py_INCREF(it);
		f->f_state = PY_FRAME_EXECUTING;
		status = close_delegate(it);
		f->f_state = PY_FRAME_SUSPENDED;
		Py_DECREF(it);
	}
	if (status == 0)
		PyErr_SetNone(PyExc_GeneratorExit);
	PyObject *value;
	PySendResult how = gen_resume(gen, NULL, true, &value);

	if (how == PYGEN_NEXT) {
		Py_DECREF(value);
		PyErr_Format(PyExc_RuntimeError, "%s ignored GeneratorExit", gen_kind(gen));
		return NULL;
	}
	Py_XDECREF(value);
	if (how == PYGEN_ERROR) {
		if (!PyErr_ExceptionMatches(PyExc_StopIteration) &&
		    !PyErr_ExceptionMatches(PyExc_GeneratorExit))
			return NULL;
		PyErr_Clear();
	}
	Py_RETURN_NONE;
}

/* A coroutine that is dropped without a start: somebody forgot to await it. */
static void warn_unawaited(PyGenObject *gen)
{
	PyObject *pending = PyErr_GetRaisedException();

	if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "coroutine '%U' was never awaited",
			     gen->gi_qualname) < 0)
		PyErr_WriteUnraisable((PyObject *)gen);
	PyErr_SetRaisedException(pending);
}

/* Dropped while suspended inside a try or with, or while one that it delegates to may be: finally
 * blocks still run. */
static void gen_finalize(PyObject *self)
{
	PyGenObject *gen = (PyGenObject *)self;
	PyFrameObject *f = gen->gi_frame;

	if (PyAsyncGen_CheckExact(gen) && _PyAsyncGen_CallFinalizer(gen))
		return;
	if (f && f->f_state == PY_FRAME_SUSPENDED && just_started(f) && PyCoro_CheckExact(gen))
		warn_unawaited(gen);
	if (!f || f->f_state != PY_FRAME_SUSPENDED || just_started(f) ||
	    (!PyCode_FindHandler(f->f_code, f->f_lasti) && !delegate_of(f)))
		return;
	PyObject *pending = PyErr_GetRaisedException();
	PyObject *result = gen_close((PyObject *)gen, NULL);

	if (!result)
		PyErr_WriteUnraisable((PyObject *)gen);
	Py_XDECREF(result);
	PyErr_SetRaisedException(pending);
}

static void gen_dealloc(PyObject *self)
{
	PyGenObject *gen = (PyGenObject *)self;

	PyObject_GC_UnTrack(self);
	if (gen->gi_weakreflist)
		PyObject_ClearWeakRefs(self);
	Py_TRASHCAN_BEGIN(self) if (PyObject_CallFinalizerFromDealloc(self))
	{
		/* Its own code kept it alive. */
		PyObject_GC_Track(self);
	}
	else
	{
		gen_finish(gen);
		Py_CLEAR(gen->gi_code);
		Py_CLEAR(gen->gi_name);
		Py_CLEAR(gen->gi_qualname);
		Py_CLEAR(gen->gi_exc_state.exc_value);
		Py_CLEAR(gen->ag_finalizer);
		PyObject_GC_Del(self);
	}
	Py_TRASHCAN_END
}

static int gen_traverse(PyObject *self, visitproc visit, void *arg)
{
	PyGenObject *gen = (PyGenObject *)self;

	Py_VISIT(gen->gi_frame);
	Py_VISIT(gen->gi_code);
	Py_VISIT(gen->gi_exc_state.exc_value);
	Py_VISIT(gen->ag_finalizer);
	return 0;
}

/* The frame may be held by others, so it is emptied too. */
static int gen_clear(PyObject *self)
{
	PyGenObject *gen = (PyGenObject *)self;
	PyFrameObject *f = gen->gi_frame;

	Py_CLEAR(gen->gi_exc_state.exc_value);
	if (!f || f->f_state == PY_FRAME_EXECUTING)
		return 0;
	Py_INCREF(f);
	gen_finish(gen);
	f->f_state = PY_FRAME_CLEARED;
	_PyFrame_ClearSlots(f);
	Py_DECREF(f);
	return 0;
}

static PyObject *gen_repr(PyObject *self)
{
	return PyUnicode_FromFormat("<%s object %S at %p>", Py_TYPE(self)->tp_name,
				    ((PyGenObject *)self)->gi_qualname, self);
}

static PyObject *get_running(PyObject *self, void *closure)
{
	PyFrameObject *f = ((PyGenObject *)self)->gi_frame;

	return PyBool_FromLong(f && f->f_state == PY_FRAME_EXECUTING);
}

static PyObject *get_suspended(PyObject *self, void *closure)
{
	PyFrameObject *f = ((PyGenObject *)self)->gi_frame;

	return PyBool_FromLong(f && f->f_state == PY_FRAME_SUSPENDED && !just_started(f));
}

static PyObject *get_frame(PyObject *self, void *closure)
{
	PyFrameObject *f = ((PyGenObject *)self)->gi_frame;

	return Py_NewRef(f ? (PyObject *)f : Py_None);
}

static PyObject *get_gen_code(PyObject *self, void *closure)
{
	return Py_NewRef(((PyGenObject *)self)->gi_code);
}

static PyObject *get_delegate(PyObject *self, void *closure)
{
	PyObject *it = delegate_of(((PyGenObject *)self)->gi_frame);

	return Py_NewRef(it ? it : Py_None);
}

PyObject *_PyGen_YieldFrom(PyObject *gen)
{
	return delegate_of(((PyGenObject *)gen)->gi_frame);
}

static PyObject *get_name(PyObject *self, void *closure)
{
	return Py_NewRef(((PyGenObject *)self)->gi_name);
}

static int set_name(PyObject *self, PyObject *value, void *closure)
{
	if (!value || !PyUnicode_Check(value)) {
		PyErr_SetString(PyExc_TypeError, "__name__ must be set to a string object");
		return -1;
	}
	Py_XSETREF(((PyGenObject *)self)->gi_name, Py_NewRef(value));
	return 0;
}

static PyObject *get_qualname(PyObject *self, void *closure)
{
	return Py_NewRef(((PyGenObject *)self)->gi_qualname);
}

static int set_qualname(PyObject *self, PyObject *value, void *closure)
{
	if (!value || !PyUnicode_Check(value)) {
		PyErr_SetString(PyExc_TypeError, "__qualname__ must be set to a string object");
		return -1;
	}
	Py_XSETREF(((PyGenObject *)self)->gi_qualname, Py_NewRef(value));
	return 0;
}

static PyMethodDef gen_methods[] = {
	{"send", gen_send, METH_O, "Resume with a value; return the next one yielded."},
	{"throw", (PyCFunction)(void (*)(void))gen_throw, METH_FASTCALL,
	 "Raise an exception where the generator stands."},
	{"close", gen_close, METH_NOARGS, "Raise GeneratorExit where the generator stands."},
	{0},
};

#define GEN_GETSET(prefix, waits_for)                                   \
	{prefix "_running", get_running, NULL, NULL, NULL},             \
		{prefix "_suspended", get_suspended, NULL, NULL, NULL}, \
		{prefix "_frame", get_frame, NULL, NULL, NULL},         \
		{prefix "_code", get_gen_code, NULL, NULL, NULL},       \
		{waits_for, get_delegate, NULL, NULL, NULL},            \
		{"__name__", get_name, set_name, NULL, NULL},           \
	{                                                               \
		"__qualname__", get_qualname, set_qualname, NULL, NULL  \
	}

static PyGetSetDef gen_getset[] = {GEN_GETSET("gi", "gi_yieldfrom"), {0}};
static PyGetSetDef coro_getset[] = {GEN_GETSET("cr", "cr_await"), {0}};

/* Running while anything is sent into it, also between two runs of its frame. */
static PyObject *get_running_async(PyObject *self, void *closure)
{
	return PyBool_FromLong(((PyGenObject *)self)->ag_running_async);
}

static PyGetSetDef async_getset[] = {
	{"ag_running", get_running_async, NULL, NULL, NULL},
	GEN_GETSET("ag", "ag_await"),
	{0},
};

PyTypeObject PyGen_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "generator",
	.tp_basicsize = sizeof(PyGenObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = gen_dealloc,
	.tp_traverse = gen_traverse,
	.tp_clear = gen_clear,
	.tp_finalize = gen_finalize,
	.tp_repr = gen_repr,
	.tp_weaklistoffset = offsetof(PyGenObject, gi_weakreflist),
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = gen_iternext,
	.tp_methods = gen_methods,
	.tp_getset = gen_getset,
};

/* -- coroutines: the same object behind another protocol
 * ------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *coro;
} CoroWrapper;

static PyObject *coro_await(PyObject *self)
{
	CoroWrapper *w = PyObject_GC_New(CoroWrapper, &_PyCoroWrapper_Type);

	if (!w)
		return NULL;
	w->coro = Py_NewRef(self);
	PyObject_GC_Track(w);
	return (PyObject *)w;
}

static void wrapper_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_DECREF(((CoroWrapper *)self)->coro);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int wrapper_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((CoroWrapper *)self)->coro);
	return 0;
}

static PyObject *wrapper_next(PyObject *self)
{
	return gen_iternext(((CoroWrapper *)self)->coro);
}

static PyObject *wrapper_send(PyObject *self, PyObject *arg)
{
	return gen_send(((CoroWrapper *)self)->coro, arg);
}

static PyObject *wrapper_throw(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return gen_throw(((CoroWrapper *)self)->coro, args, nargs);
}

static PyObject *wrapper_close(PyObject *self, PyObject *unused)
{
	return gen_close(((CoroWrapper *)self)->coro, NULL);
}

static PyMethodDef wrapper_methods[] = {
	{"send", wrapper_send, METH_O, NULL},
	{"throw", (PyCFunction)(void (*)(void))wrapper_throw, METH_FASTCALL, NULL},
	{"close", wrapper_close, METH_NOARGS, NULL},
	{0},
};

PyTypeObject _PyCoroWrapper_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0), .tp_name = "coroutine_wrapper",
	.tp_basicsize = sizeof(CoroWrapper),    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = wrapper_dealloc,          .tp_traverse = wrapper_traverse,
	.tp_iter = PyObject_SelfIter,           .tp_iternext = wrapper_next,
	.tp_methods = wrapper_methods,
};

PyTypeObject PyCoro_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "coroutine",
	.tp_basicsize = sizeof(PyGenObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = gen_dealloc,
	.tp_traverse = gen_traverse,
	.tp_clear = gen_clear,
	.tp_finalize = gen_finalize,
	.tp_repr = gen_repr,
	.tp_weaklistoffset = offsetof(PyGenObject, gi_weakreflist),
	.am_await = coro_await,
	.tp_methods = gen_methods,
	.tp_getset = coro_getset,
};

PyTypeObject PyAsyncGen_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "async_generator",
	.tp_basicsize = sizeof(PyGenObject),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = gen_dealloc,
	.tp_traverse = gen_traverse,
	.tp_clear = gen_clear,
	.tp_finalize = gen_finalize,
	.tp_repr = gen_repr,
	.tp_weaklistoffset = offsetof(PyGenObject, gi_weakreflist),
	.am_aiter = PyObject_SelfIter,
	.am_anext = _PyAsyncGen_Anext,
	.tp_methods = _PyAsyncGen_methods,
	.tp_getset = async_getset,
};
