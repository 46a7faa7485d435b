/* SPDX-License-Identifier: BSD-2-Clause */
/* count, cycle and repeat. */
#include "lib/itertools.h"

#include "objects/list.h"
#include "objects/unicode.h"

/* The types' methods for text: "count(3)", with a subclass's own name. */
static PyObject *type_name(PyObject *o)
{
	return _PyType_Name(Py_TYPE(o));
}

/* -- count ------------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *value; /* the next one; NULL while next and stride are it */
	PyObject *step;
	int64_t next, stride;
} CountObject;

ITER_REFS(count, CountObject, step)

/* Whether the two can be counted in C: ints of 64 bits. By ones also a bool, as
 * the int it is. */
static bool is_fast(CountObject *c, PyObject *start, PyObject *step)
{
	return PyLong_Check(start) && PyLong_Check(step) && _PyLong_GetInt64(start, &c->next) &&
	       _PyLong_GetInt64(step, &c->stride) &&
	       (c->stride == 1 || (PyLong_CheckExact(start) && PyLong_CheckExact(step)));
}

static PyObject *count_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"start", "step", NULL};
	static const struct PyArgSpec spec = {"count", names, .max_pos = 2};
	PyObject *a[2];
	CountObject *c;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if ((a[0] && !PyNumber_Check(a[0])) || (a[1] && !PyNumber_Check(a[1])))
		return PyErr_Format(PyExc_TypeError, "a number is required");
	c = (CountObject *)type->tp_alloc(type, 0);
	if (!c)
		return NULL;
	c->step = Py_NewRef(a[1] ? a[1] : _PyLong_One());
	if (!a[0])
		a[0] = _PyLong_Zero();
	if (!is_fast(c, a[0], c->step))
		c->value = Py_NewRef(a[0]);
	return (PyObject *)c;
}

/* The next value as an object, new. */
static PyObject *count_value(CountObject *c)
{
	return c->value ? Py_NewRef(c->value) : PyLong_FromLongLong(c->next);
}

static PyObject *count_next(PyObject *o)
{
	CountObject *c = (CountObject *)o;
	PyObject *now, *next;
	int64_t sum;

	if (!c->value && !__builtin_add_overflow(c->next, c->stride, &sum)) {
		now = PyLong_FromLongLong(c->next);
		if (now)
			c->next = sum;
		return now;
	}
	if (!c->step)
		return NULL;
	now = count_value(c);
	next = now ? PyNumber_Add(now, c->step) : NULL;
	if (!next) {
		Py_XDECREF(now);
		return NULL;
	}
	Py_XSETREF(c->value, next);
	return now;
}

/* The int 1, not 1.0. */
static bool is_one(PyObject *step)
{
	return PyLong_Check(step) && _PyLong_Compare(step, _PyLong_One()) == 0;
}

static PyObject *count_repr(PyObject *o)
{
	CountObject *c = (CountObject *)o;
	PyObject *name = type_name(o), *value = count_value(c), *ret = NULL;

	if (name && value && c->step)
		ret = is_one(c->step) ? PyUnicode_FromFormat("%U(%R)", name, value)
				      : PyUnicode_FromFormat("%U(%R, %R)", name, value, c->step);
	Py_XDECREF(name);
	Py_XDECREF(value);
	return ret;
}

static PyObject *count_reduce(PyObject *o, PyObject *unused)
{
	CountObject *c = (CountObject *)o;

	if (!c->value && c->stride == 1)
		return _PyIter_Reduce(o, _PyTuple_OF(PyLong_FromLongLong(c->next)));
	return _PyIter_Reduce(o, _PyTuple_OF(count_value(c), Py_XNewRef(c->step)));
}

static PyMethodDef count_methods[] = {ITER_REDUCE(count), {0}};
ITER_TYPE(_PyCount_Type, count, CountObject,
	  "count(start=0, step=1) --> start, start + step, start + 2 * step, ...",
	  .tp_repr = count_repr)

/* -- cycle ------------------------------------------------------------------------------------- */
typedef struct {
	PyObject_HEAD PyObject *it; /* NULL once all are saved */
	PyObject *saved;            /* list */
	Py_ssize_t index;           /* in saved, of the next item */
	bool are_saved;             /* the items that it still gives are in saved already */
} CycleObject;

ITER_REFS(cycle, CycleObject, saved)

static PyObject *cycle_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	PyObject *iterable, *it, *saved;
	CycleObject *c;

	if (!_PyIter_NoKeywords(type, &_PyCycle_Type, kwargs) ||
	    !PyArg_UnpackTuple(args, "cycle", 1, 1, &iterable))
		return NULL;
	it = PyObject_GetIter(iterable);
	saved = it ? PyList_New(0) : NULL;
	c = saved ? (CycleObject *)type->tp_alloc(type, 0) : NULL;
	if (!c) {
		Py_XDECREF(it);
		Py_XDECREF(saved);
		return NULL;
	}
	c->it = it;
	c->saved = saved;
	return (PyObject *)c;
}

static PyObject *cycle_next(PyObject *o)
{
	CycleObject *c = (CycleObject *)o;
	PyObject *it = c->it, *item;

	if (it) {
		item = _PyIter_StepHeld(it);
		if (item) {
			if (!c->are_saved && c->saved && PyList_Append(c->saved, item) < 0)
				Py_CLEAR(item);
			return item;
		}
		if (!_PyIter_Ended())
			return NULL;
		Py_CLEAR(c->it);
	}
	if (!c->saved || PyList_GET_SIZE(c->saved) == 0)
		return NULL;
	if (c->index >= PyList_GET_SIZE(c->saved))
		c->index = 0;
	return Py_NewRef(PyList_GET_ITEM(c->saved, c->index++));
}

static PyObject *cycle_reduce(PyObject *o, PyObject *unused)
{
	CycleObject *c = (CycleObject *)o;
	PyObject *it;

	if (!c->saved)
		return PyErr_Format(PyExc_ValueError, "cycle was cleared by the collector");
	it = c->it ? Py_NewRef(c->it) : _PySeqIter_NewOf(&PyListIter_Type, c->saved, c->index);
	return _PyIter_ReduceWith(
		o, _PyTuple_OF(it),
		_PyTuple_OF(Py_NewRef(c->saved), PyBool_FromLong(!c->it || c->are_saved)));
}

static PyObject *cycle_setstate(PyObject *o, PyObject *state)
{
	CycleObject *c = (CycleObject *)o;
	PyObject *saved, *are_saved;
	int flag;

	if (!PyTuple_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a tuple");
	if (!PyArg_UnpackTuple(state, "function", 2, 2, &saved, &are_saved))
		return NULL;
	if (!PyList_Check(saved))
		return PyErr_Format(PyExc_TypeError, "argument 1 must be list, not %.200s",
				    Py_TYPE(saved)->tp_name);
	flag = _PyLong_AsInt(are_saved);
	if (flag == -1 && PyErr_Occurred())
		return NULL;
	Py_INCREF(saved);
	Py_XSETREF(c->saved, saved);
	c->are_saved = flag != 0;
	c->index = 0;
	Py_RETURN_NONE;
}

static PyMethodDef cycle_methods[] = {ITER_REDUCE(cycle), ITER_SETSTATE(cycle), {0}};
ITER_TYPE(_PyCycle_Type, cycle, CycleObject,
	  "cycle(iterable) --> its items, then those again and again")

/* -- repeat ------------------------------------------------------------------------------------ */
typedef struct {
	PyObject_HEAD PyObject *item;
	Py_ssize_t left; /* -1: without end */
} RepeatObject;

ITER_REFS(repeat, RepeatObject, item)

static PyObject *repeat_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"object", "times", NULL};
	static const struct PyArgSpec spec = {"repeat", names, .required = 1, .max_pos = 2};
	PyObject *a[2];
	Py_ssize_t times = -1;
	RepeatObject *r;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	if (a[1]) {
		times = _PyIter_Count(a[1]);
		if (times == -1 && PyErr_Occurred())
			return NULL;
		if (times < 0)
			times = 0;
	}
	r = (RepeatObject *)type->tp_alloc(type, 0);
	if (!r)
		return NULL;
	r->item = Py_NewRef(a[0]);
	r->left = times;
	return (PyObject *)r;
}

static PyObject *repeat_next(PyObject *o)
{
	RepeatObject *r = (RepeatObject *)o;

	if (r->left == 0 || !r->item)
		return NULL;
	if (r->left > 0)
		r->left--;
	return Py_NewRef(r->item);
}

static PyObject *repeat_repr(PyObject *o)
{
	RepeatObject *r = (RepeatObject *)o;
	PyObject *name = type_name(o), *ret;

	if (!name)
		return NULL;
	ret = r->left < 0 ? PyUnicode_FromFormat("%U(%R)", name, r->item)
			  : PyUnicode_FromFormat("%U(%R, %zd)", name, r->item, r->left);
	Py_DECREF(name);
	return ret;
}

static PyObject *repeat_length_hint(PyObject *o, PyObject *unused)
{
	RepeatObject *r = (RepeatObject *)o;

	if (r->left < 0)
		return PyErr_Format(PyExc_TypeError, "len() of unsized object");
	return PyLong_FromSsize_t(r->left);
}

static PyObject *repeat_reduce(PyObject *o, PyObject *unused)
{
	RepeatObject *r = (RepeatObject *)o;

	return _PyIter_Reduce(
		o, r->left < 0 ? _PyTuple_OF(Py_XNewRef(r->item))
			       : _PyTuple_OF(Py_XNewRef(r->item), PyLong_FromSsize_t(r->left)));
}

static PyMethodDef repeat_methods[] = {
	ITER_REDUCE(repeat),
	{"__length_hint__", repeat_length_hint, METH_NOARGS, "How many are left."},
	{0},
};
ITER_TYPE(_PyRepeat_Type, repeat, RepeatObject,
	  "repeat(object[, times]) --> the object, times times or without end",
	  .tp_repr = repeat_repr)
