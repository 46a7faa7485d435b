/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asynchronous generators. Their frames yield two kinds of things: what they await asks the event
 * loop for, which is passed on as it is, and their own values, which come wrapped. __anext__,
 * asend, athrow and aclose return awaitables that run the frame and tell the two apart.
 */
#include "vm/generator.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "vm/ops.h"

/* -- a value on its way out ------------------------------------------------------------------ */
typedef struct {
	PyObject_HEAD PyObject *value;
} WrappedValue;

#define is_wrapped(o) Py_IS_TYPE(o, &_PyAsyncGenWrappedValue_Type)

PyObject *_PyAsyncGen_Wrap(PyObject *value)
{
	WrappedValue *w = PyObject_GC_New(WrappedValue, &_PyAsyncGenWrappedValue_Type);

	if (!w)
		return NULL;
	w->value = Py_NewRef(value);
	PyObject_GC_Track(w);
	return (PyObject *)w;
}

static void wrapped_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_DECREF(((WrappedValue *)self)->value);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int wrapped_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((WrappedValue *)self)->value);
	return 0;
}

PyTypeObject _PyAsyncGenWrappedValue_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0), .tp_name = "async_generator_wrapped_value",
	.tp_basicsize = sizeof(WrappedValue),   .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = wrapped_dealloc,          .tp_traverse = wrapped_traverse,
};

/* -- the awaitables -------------------------------------------------------------------------- */
enum step_state { STEP_NEW, STEP_RUNS, STEP_CLOSED };

/* One step of gen: asend(value), athrow(*args) or, with args NULL, aclose(). */
typedef struct {
	PyObject_HEAD PyGenObject *gen;
	PyObject *value; /* of asend; NULL for None */
	PyObject *args;  /* of athrow, a tuple */
	enum step_state state;
} Step;

static bool ends_generator(void)
{
	return PyErr_ExceptionMatches(PyExc_StopAsyncIteration) ||
	       PyErr_ExceptionMatches(PyExc_GeneratorExit);
}

/* What a run of the frame gave, as the step's: a value of the generator's own ends the step. */
static PyObject *unwrap(PyGenObject *gen, PyObject *result)
{
	if (!result) {
		if (!PyErr_Occurred())
			PyErr_SetNone(PyExc_StopAsyncIteration);
		if (ends_generator())
			gen->ag_closed = true;
		gen->ag_running_async = false;
		return NULL;
	}
	if (!is_wrapped(result))
		return result;
	_PyGen_SetStopIterationValue(((WrappedValue *)result)->value);
	Py_DECREF(result);
	gen->ag_running_async = false;
	return NULL;
}

static PyObject *step_reused(const char *what)
{
	return PyErr_Format(PyExc_RuntimeError, "cannot reuse already awaited %s", what);
}

static PyObject *asend_send(PyObject *self, PyObject *arg)
{
	Step *s = (Step *)self;

	if (s->state == STEP_CLOSED)
		return step_reused("__anext__()/asend()");
	if (s->state == STEP_NEW) {
		if (s->gen->ag_running_async) {
			PyErr_SetString(PyExc_RuntimeError,
					"anext(): asynchronous generator is already running");
			return NULL;
		}
		if (Py_IsNone(arg) && s->value)
			arg = s->value;
		s->state = STEP_RUNS;
	}
	s->gen->ag_running_async = true;
	PyObject *result = unwrap(s->gen, _PyGen_Send((PyObject *)s->gen, arg));

	if (!result)
		s->state = STEP_CLOSED;
	return result;
}

static PyObject *asend_throw(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Step *s = (Step *)self;

	if (s->state == STEP_CLOSED)
		return step_reused("__anext__()/asend()");
	PyObject *result = unwrap(s->gen, _PyGen_Throw((PyObject *)s->gen, args, nargs, true));

	if (!result)
		s->state = STEP_CLOSED;
	return result;
}

static PyObject *step_close(PyObject *self, PyObject *unused)
{
	((Step *)self)->state = STEP_CLOSED;
	Py_RETURN_NONE;
}

/* aclose(): the generator may await in its finally blocks, but yields nothing any more. */
static PyObject *close_outcome(Step *s, PyObject *result)
{
	if (result && !is_wrapped(result))
		return result;
	s->gen->ag_running_async = false;
	s->state = STEP_CLOSED;
	if (result) {
		Py_DECREF(result);
		PyErr_SetString(PyExc_RuntimeError, "async generator ignored GeneratorExit");
	} else if (ends_generator()) {
		PyErr_Clear();
		PyErr_SetNone(PyExc_StopIteration);
	}
	return NULL;
}

static PyObject *athrow_outcome(Step *s, PyObject *result)
{
	result = unwrap(s->gen, result);
	if (!result)
		s->state = STEP_CLOSED;
	return result;
}

static PyObject *athrow_start(Step *s, PyObject *arg)
{
	PyGenObject *gen = s->gen;

	if (gen->ag_running_async) {
		s->state = STEP_CLOSED;
		return PyErr_Format(PyExc_RuntimeError,
				    "%s(): asynchronous generator is already running",
				    s->args ? "athrow" : "aclose");
	}
	if (gen->ag_closed) {
		s->state = STEP_CLOSED;
		PyErr_SetNone(PyExc_StopAsyncIteration);
		return NULL;
	}
	if (!Py_IsNone(arg)) {
		PyErr_SetString(PyExc_RuntimeError,
				"can't send non-None value to a just-started coroutine");
		return NULL;
	}
	s->state = STEP_RUNS;
	gen->ag_running_async = true;
	if (s->args)
		return athrow_outcome(s, _PyGen_Throw((PyObject *)gen,
						      ((PyTupleObject *)s->args)->ob_item,
						      PyTuple_GET_SIZE(s->args), true));
	gen->ag_closed = true;
	return close_outcome(s, _PyGen_Throw((PyObject *)gen, &PyExc_GeneratorExit, 1, true));
}

static PyObject *athrow_send(PyObject *self, PyObject *arg)
{
	Step *s = (Step *)self;

	if (s->state == STEP_CLOSED)
		return step_reused("aclose()/athrow()");
	if (!s->gen->gi_frame) {
		s->state = STEP_CLOSED;
		PyErr_SetNone(PyExc_StopIteration);
		return NULL;
	}
	if (s->state == STEP_NEW)
		return athrow_start(s, arg);
	s->gen->ag_running_async = true;
	PyObject *result = _PyGen_Send((PyObject *)s->gen, arg);

	return s->args ? athrow_outcome(s, result) : close_outcome(s, result);
}

static PyObject *athrow_throw(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	Step *s = (Step *)self;

	if (s->state == STEP_CLOSED)
		return step_reused("aclose()/athrow()");
	PyObject *result = _PyGen_Throw((PyObject *)s->gen, args, nargs, true);

	return s->args ? athrow_outcome(s, result) : close_outcome(s, result);
}

static PyObject *asend_next(PyObject *self)
{
	return asend_send(self, Py_None);
}

static PyObject *athrow_next(PyObject *self)
{
	return athrow_send(self, Py_None);
}

static void step_dealloc(PyObject *self)
{
	Step *s = (Step *)self;

	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_XDECREF(s->value);
	Py_XDECREF(s->args);
	Py_DECREF(s->gen);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int step_traverse(PyObject *self, visitproc visit, void *arg)
{
	Step *s = (Step *)self;

	Py_VISIT(s->gen);
	Py_VISIT(s->value);
	Py_VISIT(s->args);
	return 0;
}

static PyMethodDef asend_methods[] = {
	{"send", asend_send, METH_O, NULL},
	{"throw", (PyCFunction)(void (*)(void))asend_throw, METH_FASTCALL, NULL},
	{"close", step_close, METH_NOARGS, NULL},
	{0},
};

static PyMethodDef athrow_methods[] = {
	{"send", athrow_send, METH_O, NULL},
	{"throw", (PyCFunction)(void (*)(void))athrow_throw, METH_FASTCALL, NULL},
	{"close", step_close, METH_NOARGS, NULL},
	{0},
};

#define STEP_TYPE(kind)                                                                    \
	{                                                                                  \
		PyVarObject_HEAD_INIT(&PyType_Type, 0),                                    \
			.tp_name = "async_generator_" #kind, .tp_basicsize = sizeof(Step), \
			.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,               \
			.tp_dealloc = step_dealloc, .tp_traverse = step_traverse,          \
			.am_await = PyObject_SelfIter, .tp_iter = PyObject_SelfIter,       \
			.tp_iternext = kind##_next, .tp_methods = kind##_methods,          \
	}

PyTypeObject _PyAsyncGenASend_Type = STEP_TYPE(asend);
PyTypeObject _PyAsyncGenAThrow_Type = STEP_TYPE(athrow);

/* -- the generator's methods ----------------------------------------------------------------- */
/* The event loop of this thread hears of a generator when it is first iterated. */
static int tell_event_loop(PyGenObject *gen)
{
	PyThreadState *ts = PyThreadState_Get();

	if (gen->ag_hooks_inited)
		return 0;
	gen->ag_hooks_inited = true;
	gen->ag_finalizer = Py_XNewRef(ts->asyncgen_finalizer);
	if (!ts->asyncgen_firstiter)
		return 0;
	PyObject *hook = Py_NewRef(ts->asyncgen_firstiter);
	PyObject *result = PyObject_CallOneArg(hook, (PyObject *)gen);

	Py_DECREF(hook);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

static PyObject *step_new(PyTypeObject *type, PyObject *gen, PyObject *value, PyObject *args)
{
	if (tell_event_loop((PyGenObject *)gen) < 0)
		return NULL;
	Step *s = PyObject_GC_New(Step, type);

	if (!s)
		return NULL;
	s->gen = (PyGenObject *)Py_NewRef(gen);
	s->value = Py_XNewRef(value);
	s->args = Py_XNewRef(args);
	s->state = STEP_NEW;
	PyObject_GC_Track(s);
	return (PyObject *)s;
}

PyObject *_PyAsyncGen_Anext(PyObject *self)
{
	return step_new(&_PyAsyncGenASend_Type, self, NULL, NULL);
}

static PyObject *ag_asend(PyObject *self, PyObject *value)
{
	return step_new(&_PyAsyncGenASend_Type, self, value, NULL);
}

static PyObject *ag_aclose(PyObject *self, PyObject *unused)
{
	return step_new(&_PyAsyncGenAThrow_Type, self, NULL, NULL);
}

static PyObject *ag_athrow(PyObject *self, PyObject *args)
{
	return step_new(&_PyAsyncGenAThrow_Type, self, NULL, args);
}

PyMethodDef _PyAsyncGen_methods[] = {
	{"asend", ag_asend, METH_O,
	 "asend(v) -> send 'v' in generator; return an awaitable of what it yields."},
	{"athrow", ag_athrow, METH_VARARGS,
	 "athrow(typ[,val[,tb]]) -> raise exception in generator; return an awaitable."},
	{"aclose", ag_aclose, METH_NOARGS,
	 "aclose() -> raise GeneratorExit inside generator; return an awaitable."},
	{0},
};

bool _PyAsyncGen_CallFinalizer(PyGenObject *gen)
{
	if (!gen->ag_finalizer || gen->ag_closed || !gen->gi_frame)
		return false;
	PyObject *pending = PyErr_GetRaisedException();
	PyObject *result = PyObject_CallOneArg(gen->ag_finalizer, (PyObject *)gen);

	if (!result)
		PyErr_WriteUnraisable((PyObject *)gen);
	Py_XDECREF(result);
	PyErr_SetRaisedException(pending);
	return true;
}

/* -- anext(it, default) ---------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *awaitable, *fallback;
} AnextAwaitable;

PyObject *_PyAnextAwaitable_New(PyObject *awaitable, PyObject *fallback)
{
	AnextAwaitable *a = PyObject_GC_New(AnextAwaitable, &_PyAnextAwaitable_Type);

	if (!a)
		return NULL;
	a->awaitable = Py_NewRef(awaitable);
	a->fallback = Py_NewRef(fallback);
	PyObject_GC_Track(a);
	return (PyObject *)a;
}

/* Calls a method, or for NULL next(), of the iterator behind the awaitable; StopAsyncIteration
 * becomes the end with the fallback. */
static PyObject *anext_proxy(PyObject *self, const char *method, PyObject *args)
{
	AnextAwaitable *a = (AnextAwaitable *)self;
	PyObject *it = _PyOp_Awaitable(a->awaitable, 0);
	PyObject *result = NULL;

	if (!it)
		return NULL;
	if (!method) {
		result = PyIter_Check(it) ? Py_TYPE(it)->tp_iternext(it)
					  : PyObject_CallMethodOneArg(it, _Py_ID(send), Py_None);
	} else {
		PyObject *bound = PyObject_GetAttrString(it, method);

		if (bound)
			result = PyObject_Call(bound, args, NULL);
		Py_XDECREF(bound);
	}
	Py_DECREF(it);
	if (!result && PyErr_ExceptionMatches(PyExc_StopAsyncIteration)) {
		PyErr_Clear();
		_PyGen_SetStopIterationValue(a->fallback);
	}
	return result;
}

static PyObject *anext_next(PyObject *self)
{
	return anext_proxy(self, NULL, NULL);
}

static PyObject *anext_send(PyObject *self, PyObject *args)
{
	return anext_proxy(self, "send", args);
}

static PyObject *anext_throw(PyObject *self, PyObject *args)
{
	return anext_proxy(self, "throw", args);
}

static PyObject *anext_close(PyObject *self, PyObject *args)
{
	return anext_proxy(self, "close", args);
}

static PyMethodDef anext_methods[] = {
	{"send", anext_send, METH_VARARGS, NULL},
	{"throw", anext_throw, METH_VARARGS, NULL},
	{"close", anext_close, METH_VARARGS, NULL},
	{0},
};

static void anext_dealloc(PyObject *self)
{
	AnextAwaitable *a = (AnextAwaitable *)self;

	PyObject_GC_UnTrack(self);
	Py_TRASHCAN_BEGIN(self) Py_DECREF(a->awaitable);
	Py_DECREF(a->fallback);
	PyObject_GC_Del(self);
	Py_TRASHCAN_END
}

static int anext_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(((AnextAwaitable *)self)->awaitable);
	Py_VISIT(((AnextAwaitable *)self)->fallback);
	return 0;
}

PyTypeObject _PyAnextAwaitable_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "anext_awaitable",
	.tp_basicsize = sizeof(AnextAwaitable),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_dealloc = anext_dealloc,
	.tp_traverse = anext_traverse,
	.am_await = PyObject_SelfIter,
	.tp_iter = PyObject_SelfIter,
	.tp_iternext = anext_next,
	.tp_methods = anext_methods,
};
