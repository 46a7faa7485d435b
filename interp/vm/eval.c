/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The eval loop.
 *
 * PyEval_EvalFrame is the one C call of each Python frame: it links the frame, runs it, unlinks it.
 * An inspector pairs the C stack with the frame chain through it: its code range and the place
 * where it keeps the frame's address (a constant distance from its CFA) are published in
 * minipy_layout. eval_loop below it executes instructions and may be compiled in any way the
 * compiler likes.
 *
 * f_lasti is stored at each instruction, f_stacktop before anything that can leave the loop, so a
 * frame can be read from outside at any time.
 */
#include "vm/frame.h"

#include "core/errors.h"
#include "core/probe.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/call.h"
#include "objects/cell.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/function.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/slots.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "vm/cache.h"
#include "vm/eval.h"
#include "vm/fast.h"
#include "vm/generator.h"
#include "vm/opcode.h"
#include "vm/ops.h"
#include "vm/trace.h"
#include "vm/traceback.h"

#define PUSH(v)                          \
	do {                             \
		PyObject *pushed_ = (v); \
		*sp++ = pushed_;         \
	} while (0)
#define POP()    (*--sp)
#define TOP()    (sp[-1])
#define PEEK(n)  (sp[-(Py_ssize_t)(n)])
#define SAVE()   (f->f_stacktop = sp)
#define NAME(i)  PyTuple_GET_ITEM(co->co_names, (i))
#define CASE(op) label_##op:
#ifdef PY_EVAL_EVENTS
#define BEFORE_UNIT()                                \
	do {                                         \
		int prev_ = f->f_lasti;              \
		f->f_lasti = (int)pc;                \
		SAVE();                              \
		if (_PyTrace_Unit(ts, f, prev_) < 0) \
			goto error;                  \
	} while (0)
#define CALL_C(callable, args, nargsf, kwnames)                                                \
	_PyTrace_Call(PyThreadState_Get(), PyThreadState_Get()->frame, callable, args, nargsf, \
		      kwnames)
#else
#define BEFORE_UNIT()                           (f->f_lasti = (int)pc)
#define CALL_C(callable, args, nargsf, kwnames) PyObject_Vectorcall(callable, args, nargsf, kwnames)
#endif
/* Signals and the like; then on in the loop with events, when somebody has begun to listen. */
#ifdef PY_EVAL_EVENTS
#define CHANGE_LOOP()
#else
#define CHANGE_LOOP()                                \
	if (Py_UNLIKELY(ts->use_tracing)) {          \
		SAVE();                              \
		f->f_lasti = (int)pc - 1;            \
		return _PyTrace_EvalFrame(ts, f, 0); \
	}
#endif
#define HANDLE_PENDING()                     \
	if (Py_UNLIKELY(_Py_eval_breaker)) { \
		SAVE();                      \
		if (_Py_HandlePending() < 0) \
			goto error;          \
		CHANGE_LOOP();               \
	}
/* Each instruction ends in a jump of its own: they are predicted apart. */
#define NEXT()                                               \
	do {                                                 \
		BEFORE_UNIT();                               \
		memcpy(&unit, units + 2 * pc, sizeof(unit)); \
		pc++;                                        \
		arg = unit >> 8;                             \
		goto *labels[unit & 0xff];                   \
	} while (0)
#define ENTRY() (&cache[f->f_lasti])

/* Releases the top n items. f_stacktop is moved first: what runs meanwhile sees no dead item. */
#define DROP(n)                                        \
	do {                                           \
		Py_ssize_t n_ = (n);                   \
		sp -= n_;                              \
		SAVE();                                \
		for (Py_ssize_t i_ = 0; i_ < n_; i_++) \
			Py_XDECREF(sp[i_]);            \
	} while (0)
/* A value replaces the top n items; NULL is an error. */
#define REPLACE(n, v)                     \
	do {                              \
		PyObject *value_ = (v);   \
		DROP(n);                  \
		if (Py_UNLIKELY(!value_)) \
			goto error;       \
		PUSH(value_);             \
	} while (0)
/* The value, borrowed, replaces the top n items, which may not be NULL. */
#define REPLACE_BORROWED(n, v)                   \
	do {                                     \
		PyObject *value_ = Py_NewRef(v); \
		sp -= (n);                       \
		SAVE();                          \
		for (int i_ = 0; i_ < (n); i_++) \
			Py_DECREF(sp[i_]);       \
		PUSH(value_);                    \
	} while (0)
/* A truth value as the result: a conditional jump that follows takes it at once. */
#ifdef PY_EVAL_EVENTS
#define BOOL_RESULT(is_true)                                     \
	do {                                                     \
		PUSH(Py_NewRef((is_true) ? Py_True : Py_False)); \
		NEXT();                                          \
	} while (0)
#else
#define BOOL_RESULT(is_true)                                 \
	do {                                                 \
		const uint8_t *unit_ = units + 2 * pc;       \
		bool true_ = (is_true);                      \
		if (unit_[0] == OP_POP_JUMP_IF_FALSE) {      \
			pc += 1 + (true_ ? 0 : unit_[1]);    \
			NEXT();                              \
		}                                            \
		if (unit_[0] == OP_POP_JUMP_IF_TRUE) {       \
			pc += 1 + (true_ ? unit_[1] : 0);    \
			NEXT();                              \
		}                                            \
		PUSH(Py_NewRef(true_ ? Py_True : Py_False)); \
		NEXT();                                      \
	} while (0)
#endif
#define DROP_CHECKED(n, status)               \
	do {                                  \
		int status_ = (status);       \
		DROP(n);                      \
		if (Py_UNLIKELY(status_ < 0)) \
			goto error;           \
	} while (0)

static PyObject *call_values(PyObject **base, PyObject **sp, PyObject *kwnames)
{
	PyObject *callable = base[0];
	PyObject **args = base + 1;

	if (!callable) {
		callable = base[1];
		args = base + 2;
		if (PyMethod_Check(callable)) {
			/* Unbind in place: the two slots below the arguments hold function and
			 * self. */
			base[0] = Py_NewRef(PyMethod_GET_FUNCTION(callable));
			base[1] = Py_NewRef(PyMethod_GET_SELF(callable));
			Py_DECREF(callable);
			callable = base[0];
			args = base + 1;
		}
	}
	size_t nargs = (size_t)(sp - args);

	if (kwnames)
		nargs -= (size_t)PyTuple_GET_SIZE(kwnames);
	return CALL_C(callable, args, nargs | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
}

/* [NULL, class, n values] -> [object]: a new object, and the frame of its __init__, which takes the
 * values over. */
static PyFrameObject *instance_frame(PyObject **base, PyObject *init, Py_ssize_t n)
{
	PyTypeObject *class = (PyTypeObject *)base[1];
	PyObject *o = class->tp_alloc(class, 0);

	if (!o)
		return NULL;
	base[0] = o;
	base[1] = Py_NewRef(o);
	Py_DECREF(class); /* o holds it */
	Py_INCREF(init);
	PyFrameObject *f = _PyFrame_ForCall(init, base + 1, n + 1);

	if (!f)
		Py_DECREF(init);
	return f;
}

static Py_NOINLINE PyObject *next_item(PyObject *it)
{
	iternextfunc next = Py_TYPE(it)->tp_iternext;

	if (Py_LIKELY(next != NULL))
		return next(it);
	/* Only code that is called with values that are not its own gets here. */
	return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an iterator",
			    Py_TYPE(it)->tp_name);
}

/* Truth of a value without a call for the common ones: 1, 0, -1. */
static inline int truth(PyObject *o)
{
	if (o == Py_True)
		return 1;
	if (o == Py_False || o == Py_None)
		return 0;
	return PyObject_IsTrue(o);
}

#ifdef PY_EVAL_EVENTS
PyObject *_PyEval_LoopWithEvents(PyThreadState *ts, PyFrameObject *f, int throw)
#else
static Py_NOINLINE PyObject *eval_loop(PyThreadState *ts, PyFrameObject *f, int throw)
#endif
{
	static const void *const labels[OP_COUNT] = {
#define OP(name, argument, pops, pushes, jump) &&label_##name,
#include "vm/opcodes.def"
#undef OP
	};
	PyCodeObject *const co = f->f_code;
	const uint8_t *const units = co->co_units;
	struct _PyUnitCache *cache = co->co_cache;
	PyObject **sp = f->f_stacktop;
	Py_ssize_t pc = f->f_lasti + 1;
	int raised_at; /* the unit whose handler is looked for */
	uint16_t unit; /* opcode, argument << 8 */
	unsigned arg;

	if (!cache && ++co->co_heat >= PY_CODE_WARM)
		cache = _PyCache_New(co);
	if (throw)
		goto error;

	NEXT();

	CASE(NOP)
	{
		NEXT();
	}

	CASE(EXTENDED_ARG)
	{
		f->f_lasti = (int)pc;
		memcpy(&unit, units + 2 * pc, sizeof(unit));
		pc++;
		arg = arg << 8 | unit >> 8;
		goto *labels[unit & 0xff];
	}

	CASE(RESUME)
	{
		HANDLE_PENDING();
		NEXT();
	}

	CASE(POP_TOP)
	{
		Py_DECREF(POP());
		NEXT();
	}

	CASE(PUSH_NULL)
	{
		PUSH(NULL);
		NEXT();
	}

	CASE(COPY)
	{
		PUSH(Py_XNewRef(PEEK(arg)));
		NEXT();
	}

	CASE(SWAP)
	{
		PyObject *top = TOP();

		TOP() = PEEK(arg);
		PEEK(arg) = top;
		NEXT();
	}

	/* -- names ---------------------------------------------------------------------------- */
	CASE(LOAD_CONST)
	{
		PUSH(Py_NewRef(PyTuple_GET_ITEM(co->co_consts, arg)));
		NEXT();
	}

	CASE(LOAD_FAST)
	{
		PyObject *value = f->f_localsplus[arg];

		if (Py_UNLIKELY(!value))
			goto unbound;
		PUSH(Py_NewRef(value));
		NEXT();
	}

	CASE(STORE_FAST)
	{
		PyObject *old = f->f_localsplus[arg];

		f->f_localsplus[arg] = POP();
		if (old) {
			SAVE();
			Py_DECREF(old);
		}
		NEXT();
	}

	CASE(DELETE_FAST)
	{
		if (!f->f_localsplus[arg])
			goto unbound;
		SAVE();
		Py_CLEAR(f->f_localsplus[arg]);
		NEXT();
	}

	CASE(LOAD_NAME)
	{
		SAVE();
		PyObject *value = _PyOp_LoadName(f, NAME(arg));

		if (!value)
			goto error;
		PUSH(value);
		NEXT();
	}

	CASE(STORE_NAME)
	{
		SAVE();
		if (!f->f_locals) {
			PyErr_Format(PyExc_SystemError, "no locals found when storing %R",
				     NAME(arg));
			goto error;
		}
		int status = PyDict_CheckExact(f->f_locals)
				     ? PyDict_SetItem(f->f_locals, NAME(arg), TOP())
				     : PyObject_SetItem(f->f_locals, NAME(arg), TOP());

		DROP_CHECKED(1, status);
		NEXT();
	}

	CASE(DELETE_NAME)
	{
		SAVE();
		if (_PyOp_DeleteName(f, NAME(arg)) < 0)
			goto error;
		NEXT();
	}

	CASE(LOAD_GLOBAL)
	{
		PyObject *value;

		if (Py_LIKELY(cache != NULL)) {
			value = _PyCache_Global(ENTRY(), f->f_globals, f->f_builtins);
			if (Py_LIKELY(value != NULL)) {
				PUSH(Py_NewRef(value));
				NEXT();
			}
			SAVE();
			value = _PyCache_LoadGlobal(ENTRY(), f->f_globals, f->f_builtins,
						    NAME(arg));
		} else {
			SAVE();
			value = _PyOp_LoadGlobal(f->f_globals, f->f_builtins, NAME(arg));
		}

		if (Py_UNLIKELY(!value))
			goto error;
		PUSH(value);
		NEXT();
	}

	CASE(STORE_GLOBAL)
	{
		SAVE();
		DROP_CHECKED(1, PyDict_SetItem(f->f_globals, NAME(arg), TOP()));
		NEXT();
	}

	CASE(DELETE_GLOBAL)
	{
		SAVE();
		if (PyDict_DelItem(f->f_globals, NAME(arg)) < 0) {
			if (PyErr_ExceptionMatches(PyExc_KeyError)) {
				PyErr_Clear();
				_PyOp_NameError(NAME(arg));
			}
			goto error;
		}
		NEXT();
	}

	CASE(MAKE_CELL)
	{
		PyObject *cell = PyCell_New(f->f_localsplus[arg]);

		if (!cell)
			goto error;
		Py_XSETREF(f->f_localsplus[arg], cell);
		NEXT();
	}

	CASE(COPY_FREE_VARS)
	{
		PyObject *closure = ((PyFunctionObject *)f->f_func)->func_closure;
		PyObject **free_slots = f->f_localsplus + co->co_nlocalsplus - arg;

		for (unsigned i = 0; i < arg; i++)
			free_slots[i] = Py_NewRef(PyTuple_GET_ITEM(closure, i));
		NEXT();
	}

	CASE(LOAD_CLOSURE)
	{
		if (!f->f_localsplus[arg])
			goto unbound;
		PUSH(Py_NewRef(f->f_localsplus[arg]));
		NEXT();
	}

	CASE(LOAD_DEREF)
	{
		PyObject *value = PyCell_GET(f->f_localsplus[arg]);

		if (Py_UNLIKELY(!value))
			goto unbound;
		PUSH(Py_NewRef(value));
		NEXT();
	}

	CASE(STORE_DEREF)
	{
		PyObject *old = PyCell_GET(f->f_localsplus[arg]);

		PyCell_SET(f->f_localsplus[arg], POP());
		SAVE();
		Py_XDECREF(old);
		NEXT();
	}

	CASE(DELETE_DEREF)
	{
		PyObject *old = PyCell_GET(f->f_localsplus[arg]);

		if (!old)
			goto unbound;
		PyCell_SET(f->f_localsplus[arg], NULL);
		SAVE();
		Py_DECREF(old);
		NEXT();
	}

	CASE(LOAD_CLASSDEREF)
	{
		SAVE();
		PyObject *value = _PyOp_LoadClassDeref(f, (int)arg);

		if (!value)
			goto error;
		PUSH(value);
		NEXT();
	}

	/* -- attributes and items -------------------------------------------------------------- */
	CASE(LOAD_ATTR)
	{
		PyObject *o = TOP();

		SAVE();
		if (Py_UNLIKELY(!cache)) {
			REPLACE(1, PyObject_GetAttr(o, NAME(arg)));
			NEXT();
		}
		PyObject *value = _PyCache_Attr(ENTRY(), o, NAME(arg));

		if (Py_UNLIKELY(!value)) {
			REPLACE(1, _PyCache_LoadAttr(ENTRY(), o, NAME(arg)));
			NEXT();
		}
		REPLACE_BORROWED(1, value);
		NEXT();
	}

	CASE(LOAD_METHOD)
	{
		PyObject *method = NULL;
		int unbound;

		SAVE();
		if (Py_LIKELY(cache != NULL)) {
			PyObject *o = TOP();

			method = _PyCache_Method(ENTRY(), o, NAME(arg));
			if (Py_LIKELY(method != NULL)) {
				TOP() = Py_NewRef(method);
				PUSH(o);
				NEXT();
			}
			unbound = _PyCache_LoadMethod(ENTRY(), o, NAME(arg), &method);
		} else {
			unbound = _PyObject_GetMethod(TOP(), NAME(arg), &method);
		}

		if (!method)
			goto error;
		if (unbound) {
			PyObject *self = TOP();

			TOP() = method;
			PUSH(self);
		} else {
			PyObject *self = TOP();

			TOP() = NULL;
			PUSH(method);
			SAVE();
			Py_DECREF(self);
		}
		NEXT();
	}

	CASE(STORE_ATTR)
	{
		PyObject *o = TOP();

		SAVE();
		if (Py_UNLIKELY(!cache)) {
			DROP_CHECKED(2, PyObject_SetAttr(o, NAME(arg), PEEK(2)));
			NEXT();
		}
		struct _PyUnitCache *entry = ENTRY();

		if (Py_LIKELY(Py_TYPE(o)->tp_version_tag == entry->version)) {
			PyObject **place = (PyObject **)((char *)o + entry->place);

			if (entry->kind == CACHE_DICT) {
				if (*place &&
				    _PyDict_SetByHint(*place, NAME(arg), entry->hint, PEEK(2))) {
					DROP(2);
					NEXT();
				}
			} else if (entry->kind == CACHE_SLOT) {
				PyObject *old = *place;

				*place = PEEK(2);
				sp -= 2;
				SAVE();
				Py_XDECREF(old);
				Py_DECREF(o);
				NEXT();
			}
		}
		DROP_CHECKED(2, _PyCache_StoreAttr(entry, o, NAME(arg), PEEK(2)));
		NEXT();
	}

	CASE(DELETE_ATTR)
	{
		SAVE();
		DROP_CHECKED(1, PyObject_DelAttr(TOP(), NAME(arg)));
		NEXT();
	}

	CASE(BINARY_SUBSCR)
	{
		PyObject *o = PEEK(2), *key = TOP();
		Py_ssize_t i;

		SAVE();
		if (PyLong_CheckExact(key)) {
			if (PyList_CheckExact(o) &&
			    (i = _PyFast_Index(key, PyList_GET_SIZE(o))) >= 0) {
				REPLACE_BORROWED(2, PyList_GET_ITEM(o, i));
				NEXT();
			}
			if (PyTuple_CheckExact(o) &&
			    (i = _PyFast_Index(key, PyTuple_GET_SIZE(o))) >= 0) {
				REPLACE_BORROWED(2, PyTuple_GET_ITEM(o, i));
				NEXT();
			}
			if (PyUnicode_CheckExact(o) &&
			    (i = _PyFast_Index(key, PyUnicode_GET_LENGTH(o))) >= 0) {
				REPLACE(2, _PyUnicode_FromChar(PyUnicode_READ_CHAR(o, i)));
				NEXT();
			}
		}
		REPLACE(2, PyObject_GetItem(o, key));
		NEXT();
	}

	CASE(STORE_SUBSCR)
	{
		PyObject *o = PEEK(2), *key = TOP();
		Py_ssize_t i;

		SAVE();
		if (PyList_CheckExact(o) && PyLong_CheckExact(key) &&
		    (i = _PyFast_Index(key, PyList_GET_SIZE(o))) >= 0) {
			PyObject *old = PyList_GET_ITEM(o, i);

			PyList_SET_ITEM(o, i, PEEK(3));
			sp -= 3;
			SAVE();
			Py_DECREF(key);
			Py_DECREF(o);
			Py_DECREF(old);
			NEXT();
		}
		DROP_CHECKED(3, PyObject_SetItem(o, key, PEEK(3)));
		NEXT();
	}

	CASE(DELETE_SUBSCR)
	{
		SAVE();
		DROP_CHECKED(2, PyObject_DelItem(PEEK(2), TOP()));
		NEXT();
	}

	/* -- operators ------------------------------------------------------------------------- */
	CASE(UNARY_POSITIVE)
	{
		SAVE();
		REPLACE(1, PyNumber_Positive(TOP()));
		NEXT();
	}

	CASE(UNARY_NEGATIVE)
	{
		SAVE();
		REPLACE(1, PyNumber_Negative(TOP()));
		NEXT();
	}

	CASE(UNARY_INVERT)
	{
		SAVE();
		REPLACE(1, PyNumber_Invert(TOP()));
		NEXT();
	}

	CASE(UNARY_NOT)
	{
		SAVE();
		int is_true = truth(TOP());

		REPLACE(1, is_true < 0 ? NULL : Py_NewRef(is_true ? Py_False : Py_True));
		NEXT();
	}

	CASE(BINARY_OP)
	{
		PyObject *right = TOP();
		int done = 0;

		SAVE();
		if (Py_TYPE(right) == Py_TYPE(PEEK(2))) {
			if (PyLong_CheckExact(right))
				done = _PyFast_IntOp(arg, &PEEK(2), right);
			else if (PyFloat_CheckExact(right))
				done = _PyFast_FloatOp(arg, &PEEK(2), right);
		}
		if (Py_LIKELY(done > 0)) {
			sp--;
			NEXT();
		}
		if (Py_UNLIKELY(done < 0))
			goto error;
		if ((arg == NB_ADD || arg == NB_INPLACE + NB_ADD) && PyUnicode_CheckExact(TOP()) &&
		    PyUnicode_CheckExact(PEEK(2))) {
			_PyOp_LetGo(f, PEEK(2), units + 2 * pc);
			PyUnicode_Append(&PEEK(2), TOP());
			DROP(1);
			if (Py_UNLIKELY(!TOP())) {
				sp--;
				goto error;
			}
			NEXT();
		}
		REPLACE(2, _PyOp_Binary[arg](PEEK(2), TOP()));
		NEXT();
	}

	CASE(COMPARE_OP)
	{
		int holds = _PyFast_Compare(PEEK(2), TOP(), (int)arg);

		SAVE();
		if (Py_LIKELY(holds >= 0)) {
			DROP(2);
			BOOL_RESULT(holds);
		}
		REPLACE(2, PyObject_RichCompare(PEEK(2), TOP(), (int)arg));
		NEXT();
	}

	CASE(IS_OP)
	{
		bool is = (PEEK(2) == TOP()) ^ (arg & 1);

		DROP(2);
		BOOL_RESULT(is);
	}

	CASE(CONTAINS_OP)
	{
		SAVE();
		int found = PySequence_Contains(TOP(), PEEK(2));

		DROP_CHECKED(2, found);
		BOOL_RESULT(found ^ (int)(arg & 1));
	}

	/* -- making containers ------------------------------------------------------------------
	 */
	CASE(BUILD_TUPLE)
	{
		PyObject *tuple = PyTuple_New((Py_ssize_t)arg);

		if (!tuple)
			goto error;
		sp -= arg;
		for (unsigned i = 0; i < arg; i++)
			PyTuple_SET_ITEM(tuple, i, sp[i]);
		PUSH(tuple);
		NEXT();
	}

	CASE(BUILD_LIST)
	{
		PyObject *list = PyList_New((Py_ssize_t)arg);

		if (!list)
			goto error;
		sp -= arg;
		for (unsigned i = 0; i < arg; i++)
			PyList_SET_ITEM(list, i, sp[i]);
		PUSH(list);
		NEXT();
	}

	CASE(BUILD_SET)
	{
		SAVE();
		PyObject *set = PySet_New(NULL);

		for (unsigned i = arg; set && i > 0; i--)
			if (PySet_Add(set, PEEK(i)) < 0)
				Py_CLEAR(set);
		REPLACE((int)arg, set);
		NEXT();
	}

	CASE(BUILD_MAP)
	{
		SAVE();
		PyObject *dict = PyDict_New();

		for (unsigned i = 2 * arg; dict && i > 0; i -= 2)
			if (PyDict_SetItem(dict, PEEK(i), PEEK(i - 1)) < 0)
				Py_CLEAR(dict);
		REPLACE(2 * (int)arg, dict);
		NEXT();
	}

	CASE(BUILD_CONST_KEY_MAP)
	{
		SAVE();
		PyObject *keys = TOP();
		PyObject *dict = PyDict_New();

		for (unsigned i = 0; dict && i < arg; i++)
			if (PyDict_SetItem(dict, PyTuple_GET_ITEM(keys, i), PEEK(arg + 1 - i)) < 0)
				Py_CLEAR(dict);
		REPLACE((int)arg + 1, dict);
		NEXT();
	}

	CASE(BUILD_STRING)
	{
		SAVE();
		REPLACE((int)arg, _PyOp_BuildString(sp - arg, (int)arg));
		NEXT();
	}

	CASE(BUILD_SLICE)
	{
		SAVE();
		REPLACE((int)arg, arg == 3 ? PySlice_New(PEEK(3), PEEK(2), TOP())
					   : PySlice_New(PEEK(2), TOP(), NULL));
		NEXT();
	}

	CASE(LIST_APPEND)
	{
		SAVE();
		DROP_CHECKED(1, PyList_Append(PEEK(arg + 1), TOP()));
		NEXT();
	}

	CASE(SET_ADD)
	{
		SAVE();
		DROP_CHECKED(1, PySet_Add(PEEK(arg + 1), TOP()));
		NEXT();
	}

	CASE(MAP_ADD)
	{
		SAVE();
		DROP_CHECKED(2, PyDict_SetItem(PEEK(arg + 2), PEEK(2), TOP()));
		NEXT();
	}

	CASE(LIST_EXTEND)
	{
		SAVE();
		DROP_CHECKED(1, _PyOp_ListExtend(PEEK(arg + 1), TOP()));
		NEXT();
	}

	CASE(SET_UPDATE)
	{
		SAVE();
		DROP_CHECKED(1, _PySet_Update(PEEK(arg + 1), TOP()));
		NEXT();
	}

	CASE(DICT_UPDATE)
	{
		SAVE();
		DROP_CHECKED(1, _PyOp_DictUpdate(PEEK(arg + 1), TOP()));
		NEXT();
	}

	CASE(DICT_MERGE)
	{
		SAVE();
		DROP_CHECKED(1, _PyOp_DictMerge(PEEK(arg + 1), TOP(), PEEK(arg + 3)));
		NEXT();
	}

	CASE(LIST_TO_TUPLE)
	{
		SAVE();
		REPLACE(1, PyList_AsTuple(TOP()));
		NEXT();
	}

	CASE(UNPACK_SEQUENCE)
	{
		PyObject *iterable = TOP();

		SAVE();
		/* The items land above the iterable first; a failing iterator leaves nothing. */
		if (PyTuple_CheckExact(iterable) && PyTuple_GET_SIZE(iterable) == (Py_ssize_t)arg) {
			sp--;
			for (unsigned i = arg; i > 0; i--)
				PUSH(Py_NewRef(PyTuple_GET_ITEM(iterable, i - 1)));
			Py_DECREF(iterable);
			NEXT();
		}
		int status = _PyOp_Unpack(iterable, (int)arg, -1, sp - 1);

		if (status < 0) {
			sp--;
			SAVE();
			Py_DECREF(iterable);
			goto error;
		}
		sp += (int)arg - 1;
		SAVE();
		Py_DECREF(iterable);
		NEXT();
	}

	CASE(UNPACK_EX)
	{
		PyObject *iterable = TOP();
		int before = (int)(arg & 0xff);
		int after = (int)(arg >> 8);

		SAVE();
		int status = _PyOp_Unpack(iterable, before, after, sp - 1);

		sp += status < 0 ? -1 : before + after;
		SAVE();
		Py_DECREF(iterable);
		if (status < 0)
			goto error;
		NEXT();
	}

	CASE(FORMAT_VALUE)
	{
		SAVE();
		PyObject *spec = (arg & 4) ? TOP() : NULL;

		REPLACE(spec ? 2 : 1, _PyOp_Format(spec ? PEEK(2) : TOP(), spec, (int)(arg & 3)));
		NEXT();
	}

	/* -- loops and jumps ----------------------------------------------------------------------
	 */
	CASE(GET_ITER)
	{
		SAVE();
		REPLACE(1, PyObject_GetIter(TOP()));
		NEXT();
	}

	CASE(FOR_ITER)
	{
		PyObject *it = TOP();
		PyObject *value;

		if (Py_IS_TYPE(it, &PyRangeIter_Type)) {
			_PyRangeIterObject *range = (_PyRangeIterObject *)it;

			if (Py_LIKELY(range->len > 0)) {
				value = PyLong_FromLong(range->start);
				if (Py_UNLIKELY(!value))
					goto error;
				range->start += range->step;
				range->len--;
				PUSH(value);
				NEXT();
			}
		} else if (Py_IS_TYPE(it, &PyListIter_Type)) {
			_PySeqIterObject *iter = (_PySeqIterObject *)it;
			PyObject *seq = iter->it_seq;

			if (Py_LIKELY(seq && iter->it_index < PyList_GET_SIZE(seq))) {
				PUSH(Py_NewRef(PyList_GET_ITEM(seq, iter->it_index)));
				iter->it_index++;
				NEXT();
			}
		}
		SAVE();
		value = next_item(it);

		if (value) {
			PUSH(value);
			NEXT();
		}
		if (ts->current_exception) {
			if (!PyErr_ExceptionMatches(PyExc_StopIteration))
				goto error;
			PyErr_Clear();
		}
		sp--;
		SAVE();
		Py_DECREF(it);
		pc += arg;
		NEXT();
	}

	CASE(GET_LEN)
	{
		SAVE();
		Py_ssize_t len = PyObject_Size(TOP());
		PyObject *value = len < 0 ? NULL : PyLong_FromSsize_t(len);

		if (!value)
			goto error;
		PUSH(value);
		NEXT();
	}

	CASE(JUMP_FORWARD)
	{
		pc += arg;
		NEXT();
	}

	CASE(JUMP_BACKWARD)
	{
		pc -= arg;
		if (Py_UNLIKELY(!cache) && ++co->co_heat >= PY_CODE_WARM)
			cache = _PyCache_New(co);
		HANDLE_PENDING();
		NEXT();
	}

#define CONDITIONAL_POP(jump_if)      \
	SAVE();                       \
	int is_true = truth(TOP());   \
	sp--;                         \
	SAVE();                       \
	Py_DECREF(*sp);               \
	if (Py_UNLIKELY(is_true < 0)) \
		goto error;           \
	if (is_true == (jump_if))     \
		pc += arg;            \
	NEXT();

	CASE(POP_JUMP_IF_FALSE){CONDITIONAL_POP(0)}

	CASE(POP_JUMP_IF_TRUE){CONDITIONAL_POP(1)}

#define NONE_POP(jump_if)                  \
	PyObject *value = POP();           \
	SAVE();                            \
	if (Py_IsNone(value) == (jump_if)) \
		pc += arg;                 \
	Py_DECREF(value);                  \
	NEXT();

	CASE(POP_JUMP_IF_NONE){NONE_POP(1)}

	CASE(POP_JUMP_IF_NOT_NONE){NONE_POP(0)}

#define JUMP_OR_POP(jump_if)          \
	SAVE();                       \
	int is_true = truth(TOP());   \
	if (Py_UNLIKELY(is_true < 0)) \
		goto error;           \
	if (is_true == (jump_if)) {   \
		pc += arg;            \
	} else {                      \
		sp--;                 \
		SAVE();               \
		Py_DECREF(*sp);       \
	}                             \
	NEXT();

	CASE(JUMP_IF_FALSE_OR_POP){JUMP_OR_POP(0)}

	CASE(JUMP_IF_TRUE_OR_POP){JUMP_OR_POP(1)}

	/* -- calls
	   ---------------------------------------------------------------------------------- */
	CASE(CALL)
	{
		PyObject **base = sp - arg - 2;
		PyObject **first = *base ? base : base + 1; /* callable, then its values */

		SAVE();
		if (Py_LIKELY(PyFunction_Check(*first)) &&
		    ((PyCodeObject *)PyFunction_GET_CODE(*first))->co_plain_args ==
			    sp - first - 1) {
			/* The stack's references move to the new frame. */
			PyFrameObject *callee = _PyFrame_ForCall(*first, first + 1, sp - first - 1);

			if (Py_UNLIKELY(!callee))
				goto error;
			sp = base;
			SAVE();
			PyObject *result = PyEval_EvalFrame(callee, 0);

			_PyFrame_Finish(callee);
			if (Py_UNLIKELY(!result))
				goto error;
			PUSH(result);
			NEXT();
		}
		PyObject *init = cache && PyType_CheckExact(*first) && !*base
					 ? _PyCache_Init(ENTRY(), *first, (Py_ssize_t)arg)
					 : NULL;

		if (init) {
			PyFrameObject *callee = instance_frame(base, init, arg);

			if (Py_UNLIKELY(!callee))
				goto error;
			sp = base + 1; /* the new object */
			SAVE();
			PyObject *none = PyEval_EvalFrame(callee, 0);

			_PyFrame_Finish(callee);
			if (Py_UNLIKELY(!none || none != Py_None)) {
				_PySlot_CheckInitResult(none);
				goto error;
			}
			Py_DECREF(none);
			NEXT();
		}
		REPLACE((int)arg + 2, call_values(sp - arg - 2, sp, NULL));
		CHANGE_LOOP();
		NEXT();
	}

	CASE(CALL_KW)
	{
		SAVE();
		REPLACE((int)arg + 3, call_values(sp - arg - 3, sp - 1, TOP()));
		NEXT();
	}

	CASE(CALL_EX)
	{
		bool kw = arg & 1;

		SAVE();
		PyObject *result =
			_PyOp_CallEx(PEEK(kw ? 3 : 2), PEEK(kw ? 2 : 1), kw ? TOP() : NULL);

		REPLACE(kw ? 4 : 3, result);
		NEXT();
	}

	CASE(MAKE_FUNCTION)
	{
		SAVE();
		int n = 1 +
			(int)((arg & 1) + ((arg >> 1) & 1) + ((arg >> 2) & 1) + ((arg >> 3) & 1));

		REPLACE(n, _PyOp_MakeFunction(f, TOP(), sp - 1, (int)arg));
		NEXT();
	}

	CASE(LOAD_BUILD_CLASS)
	{
		SAVE();
		PyObject *build = PyDict_GetItemString(f->f_builtins, "__build_class__");

		if (!build) {
			PyErr_SetString(PyExc_NameError, "__build_class__ not found");
			goto error;
		}
		PUSH(Py_NewRef(build));
		NEXT();
	}

	CASE(RETURN_VALUE)
	{
		PyObject *result = POP();

		SAVE();
		f->f_state = PY_FRAME_RETURNED;
		return result;
	}

	/* -- exceptions
	 * ------------------------------------------------------------------------------- */
	CASE(PUSH_EXC_INFO)
	{
		PyObject *exc = POP();

		PUSH(ts->exc_info->exc_value ? ts->exc_info->exc_value : Py_NewRef(Py_None));
		ts->exc_info->exc_value = Py_NewRef(exc);
		PUSH(exc);
		NEXT();
	}

	CASE(POP_EXCEPT)
	{
		PyObject *handled = ts->exc_info->exc_value;

		ts->exc_info->exc_value = POP();
		SAVE();
		Py_XDECREF(handled);
		NEXT();
	}

	CASE(CHECK_EXC_MATCH)
	{
		SAVE();
		int match = _PyOp_ExcMatches(PEEK(2), TOP());

		REPLACE(1, match < 0 ? NULL : Py_NewRef(match ? Py_True : Py_False));
		NEXT();
	}

	CASE(CHECK_EG_MATCH)
	{
		PyObject *rest = NULL;
		PyObject *match = NULL;

		SAVE();
		if (_PyOp_GroupMatch(PEEK(2), TOP(), &rest, &match) < 0)
			goto error;
		DROP(1);
		Py_SETREF(TOP(), rest);
		if (!Py_IsNone(match))
			Py_XSETREF(ts->exc_info->exc_value, Py_NewRef(match));
		PUSH(match);
		NEXT();
	}

	CASE(PREP_RERAISE_STAR)
	{
		SAVE();
		REPLACE(2, _PyOp_PrepReraiseStar(PEEK(2), TOP()));
		NEXT();
	}

	CASE(RAISE_VARARGS)
	{
		PyObject *cause = arg == 2 ? POP() : NULL;
		PyObject *exc = arg >= 1 ? POP() : NULL;

		SAVE();
		int again = _PyOp_Raise(exc, cause);

		Py_XDECREF(exc);
		Py_XDECREF(cause);
		if (again)
			goto unwind;
		goto error;
	}

	CASE(RERAISE)
	{
		PyObject *exc = POP();

		raised_at = f->f_lasti; /* the handler is this unit's, whatever lasti was before */
		_PyOp_Reraise(f, exc, arg ? PEEK(arg) : NULL);
		goto unwind_from;
	}

	CASE(BEFORE_WITH)
	{
		PyObject *exit = NULL;
		PyObject *result = NULL;

		SAVE();
		if (_PyOp_EnterWith(TOP(), false, &exit, &result) < 0)
			goto error;
		Py_SETREF(TOP(), exit);
		PUSH(result);
		NEXT();
	}

	CASE(BEFORE_ASYNC_WITH)
	{
		PyObject *exit = NULL;
		PyObject *result = NULL;

		SAVE();
		if (_PyOp_EnterWith(TOP(), true, &exit, &result) < 0)
			goto error;
		Py_SETREF(TOP(), exit);
		PUSH(result);
		NEXT();
	}

	CASE(WITH_EXCEPT_START)
	{
		SAVE();
		PyObject *result = _PyOp_ExitWith(PEEK(4), TOP());

		if (!result)
			goto error;
		PUSH(result);
		NEXT();
	}

	CASE(LOAD_ASSERTION_ERROR)
	{
		PUSH(Py_NewRef(PyExc_AssertionError));
		NEXT();
	}

	/* -- imports, annotations, the REPL
	 * ------------------------------------------------------------ */
	CASE(IMPORT_NAME)
	{
		SAVE();
		REPLACE(2, _PyOp_ImportName(f, NAME(arg), TOP(), PEEK(2)));
		NEXT();
	}

	CASE(IMPORT_FROM)
	{
		SAVE();
		PyObject *value = _PyOp_ImportFrom(TOP(), NAME(arg));

		if (!value)
			goto error;
		PUSH(value);
		NEXT();
	}

	CASE(IMPORT_STAR)
	{
		SAVE();
		DROP_CHECKED(1, _PyOp_ImportStar(f, TOP()));
		NEXT();
	}

	CASE(SETUP_ANNOTATIONS)
	{
		SAVE();
		if (_PyOp_SetupAnnotations(f) < 0)
			goto error;
		NEXT();
	}

	CASE(PRINT_EXPR)
	{
		SAVE();
		DROP_CHECKED(1, _PyOp_PrintExpr(TOP()));
		NEXT();
	}

	/* -- generators
	 * ----------------------------------------------------------------------------------- */
	CASE(RETURN_GENERATOR)
	{
		SAVE();
		PyObject *gen = _PyGen_New(f);

		if (!gen)
			goto error;
		f->f_state = PY_FRAME_SUSPENDED;
		return gen;
	}

	CASE(YIELD_VALUE)
	{
		PyObject *value = POP();

		SAVE();
		f->f_state = PY_FRAME_SUSPENDED;
		return value;
	}

	CASE(GET_YIELD_FROM_ITER)
	{
		SAVE();
		REPLACE(1, _PyOp_YieldFromIter(f, TOP()));
		NEXT();
	}

	CASE(SEND)
	{
		PyObject *result = NULL;

		SAVE();
		switch (PyIter_Send(PEEK(2), TOP(), &result)) {
		case PYGEN_NEXT: Py_SETREF(TOP(), result); NEXT();
		case PYGEN_RETURN:
			DROP(1);
			Py_SETREF(TOP(), result);
			pc += arg;
			NEXT();
		case PYGEN_ERROR: goto error;
		}
		NEXT();
	}

	CASE(GET_AWAITABLE)
	{
		SAVE();
		REPLACE(1, _PyOp_Awaitable(TOP(), (int)arg));
		NEXT();
	}

	CASE(GET_AITER)
	{
		SAVE();
		REPLACE(1, _PyOp_Aiter(TOP()));
		NEXT();
	}

	CASE(GET_ANEXT)
	{
		SAVE();
		PyObject *awaitable = _PyOp_AnextAwaitable(TOP());

		if (!awaitable)
			goto error;
		PUSH(awaitable);
		NEXT();
	}

	CASE(END_ASYNC_FOR)
	{
		PyObject *exc = POP();

		SAVE();
		if (!PyErr_GivenExceptionMatches(exc, PyExc_StopAsyncIteration)) {
			PyErr_SetRaisedException(exc);
			goto unwind;
		}
		Py_DECREF(exc);
		DROP(1);
		NEXT();
	}

	CASE(ASYNC_GEN_WRAP)
	{
		SAVE();
		REPLACE(1, _PyAsyncGen_Wrap(TOP()));
		NEXT();
	}

	/* -- match
	 * ------------------------------------------------------------------------------------------
	 */
	CASE(MATCH_MAPPING)
	{
		PUSH(Py_NewRef(_PyOp_IsMapping(TOP()) ? Py_True : Py_False));
		NEXT();
	}

	CASE(MATCH_SEQUENCE)
	{
		PUSH(Py_NewRef(_PyOp_IsSequence(TOP()) ? Py_True : Py_False));
		NEXT();
	}

	CASE(MATCH_KEYS)
	{
		SAVE();
		PyObject *values = _PyOp_MatchKeys(PEEK(2), TOP());

		if (!values)
			goto error;
		PUSH(values);
		NEXT();
	}

	CASE(MATCH_CLASS)
	{
		SAVE();
		REPLACE(3, _PyOp_MatchClass(PEEK(3), PEEK(2), TOP(), (int)arg));
		NEXT();
	}

unbound:
	SAVE();
	_PyOp_UnboundSlot(f, (int)arg);

error:
	if (Py_UNLIKELY(!ts->current_exception))
		PyErr_SetString(PyExc_SystemError, "error return without exception set");
	PROBE2("raise", Py_TYPE(ts->current_exception), ts->current_exception);
	SAVE();
	PyTraceBack_Here(f);
#ifdef PY_EVAL_EVENTS
	if (_PyTrace_Raise(ts, f) < 0)
		goto unwind;
#endif
unwind:
	raised_at = f->f_lasti;
unwind_from:
	for (;;) {
		const struct PyExceptionEntry *handler = PyCode_FindHandler(co, raised_at);

		if (!handler) {
			f->f_state = PY_FRAME_RETURNED;
			SAVE();
			return NULL;
		}
		PyObject **floor =
			f->f_localsplus + co->co_nlocalsplus + (handler->depth_lasti >> 1);

		DROP(sp - floor);
		PyObject *exc = PyErr_GetRaisedException();

		if (handler->depth_lasti & 1) {
			PyObject *lasti = PyLong_FromLong(f->f_lasti);

			if (!lasti) {
				Py_DECREF(exc);
				raised_at = f->f_lasti = (int)handler->target;
				continue;
			}
			PUSH(lasti);
		}
		PUSH(exc);
		pc = (Py_ssize_t)handler->target;
		NEXT();
	}
}

#ifndef PY_EVAL_EVENTS
static ptrdiff_t frame_slot;

/* No sanitizer instrumentation here: it could move the slot to an address that varies. */
__attribute__((noinline, noclone, no_sanitize_address, section("minipy_eval"))) PyObject *
PyEval_EvalFrame(PyFrameObject *f, int throw)
{
	PyFrameObject *volatile slot = f;
	PyObject *result;

	if (Py_UNLIKELY(!f)) {
		frame_slot = (char *)__builtin_dwarf_cfa() - (char *)&slot;
		return NULL;
	}
	PyThreadState *ts = PyThreadState_Get();

	if (_Py_EnterRecursive(ts, "") < 0)
		return NULL;
	f->f_back = ts->frame;
	f->f_state = PY_FRAME_EXECUTING;
	__asm__ volatile("" ::: "memory");
	ts->frame = f;
	PROBE3("frame__push", f, f->f_code, (uint64_t)ts->recursion_depth);
	result = Py_UNLIKELY(_PyTrace_Wanted(ts)) ? _PyTrace_EvalFrame(ts, f, throw)
						  : eval_loop(ts, f, throw);
	PROBE4("frame__pop", f, f->f_code, (uint64_t)ts->recursion_depth,
	       (uint64_t)(result ? f->f_state == PY_FRAME_SUSPENDED : 2));
	f = slot;
	ts->frame = f->f_back;
	__asm__ volatile("" ::: "memory");
	_Py_LeaveRecursive(ts);
	/* A frame that somebody else holds keeps its way back; the others let go of it. */
	if (f->f_state == PY_FRAME_SUSPENDED || Py_REFCNT(f) == 1)
		f->f_back = NULL;
	else
		Py_XINCREF(f->f_back);
	return result;
}

ptrdiff_t _PyEval_MeasureSlot(void)
{
	PyEval_EvalFrame(NULL, 0);
	return frame_slot;
}
#endif
