/* SPDX-License-Identifier: BSD-2-Clause */
/* The number protocol. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/complex.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/slots.h"
#include "objects/type.h"
#include "objects/unicode.h"

int PyNumber_Check(PyObject *o)
{
	PyTypeObject *t = o ? Py_TYPE(o) : NULL;

	return t && (t->nb_index || t->nb_int || t->nb_float || PyComplex_Check(o));
}

static PyObject *unsupported(PyObject *v, PyObject *w, const char *op)
{
	return PyErr_Format(PyExc_TypeError,
			    "unsupported operand type(s) for %.100s: '%.100s' and '%.100s'", op,
			    Py_TYPE(v)->tp_name, Py_TYPE(w)->tp_name);
}

/* Both operands' functions for the slot, a subclass's first: NotImplemented when neither will. */
static PyObject *binary(PyObject *v, PyObject *w, size_t slot)
{
	binaryfunc f = (binaryfunc)_PyType_SLOT(Py_TYPE(v), slot), g = NULL;
	PyObject *r;

	if (!Py_IS_TYPE(w, Py_TYPE(v))) {
		g = (binaryfunc)_PyType_SLOT(Py_TYPE(w), slot);
		if (g == f)
			g = NULL;
	}
	if (f) {
		if (g && PyType_IsSubtype(Py_TYPE(w), Py_TYPE(v))) {
			r = g(v, w);
			if (r != Py_NotImplemented)
				return r;
			Py_DECREF(r);
			g = NULL;
		}
		r = f(v, w);
		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	if (g)
		return g(v, w);
	Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *binary_or_error(PyObject *v, PyObject *w, size_t slot, const char *op)
{
	PyObject *r = binary(v, w, slot);

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	return unsupported(v, w, op);
}

/* The slot in place, else the ordinary one; NotImplemented when there is none. */
static PyObject *in_place(PyObject *v, PyObject *w, size_t islot, size_t slot)
{
	binaryfunc f = (binaryfunc)_PyType_SLOT(Py_TYPE(v), islot);

	if (f) {
		PyObject *r = f(v, w);

		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	return binary(v, w, slot);
}

static PyObject *in_place_or_error(PyObject *v, PyObject *w, size_t islot, size_t slot,
				   const char *op)
{
	PyObject *r = in_place(v, w, islot, slot);

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	return unsupported(v, w, op);
}

#define SLOT(field) offsetof(PyTypeObject, field)
#define BINARY(Name, field, op)                                     \
	PyObject *PyNumber_##Name(PyObject *v, PyObject *w)         \
	{                                                           \
		return binary_or_error(v, w, SLOT(nb_##field), op); \
	}
#define IN_PLACE(Name, field, op)                                                          \
	PyObject *PyNumber_InPlace##Name(PyObject *v, PyObject *w)                         \
	{                                                                                  \
		return in_place_or_error(v, w, SLOT(nb_inplace_##field), SLOT(nb_##field), \
					 op "=");                                          \
	}
#define BOTH(Name, field, op) BINARY(Name, field, op) IN_PLACE(Name, field, op)
BOTH(Subtract, subtract, "-")
BOTH(MatrixMultiply, matrix_multiply, "@")
BOTH(Remainder, remainder, "%")
BOTH(FloorDivide, floor_divide, "//")
BOTH(TrueDivide, true_divide, "/")
BOTH(Lshift, lshift, "<<")
BOTH(Rshift, rshift, ">>")
BOTH(And, and, "&")
BOTH(Xor, xor, "^")
BOTH(Or, or, "|")

PyObject *PyNumber_Divmod(PyObject *v, PyObject *w)
{
	return binary_or_error(v, w, SLOT(nb_divmod), "divmod()");
}

PyObject *PyNumber_Add(PyObject *v, PyObject *w)
{
	PyObject *r = binary(v, w, SLOT(nb_add));

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	if (Py_TYPE(v)->sq_concat)
		return Py_TYPE(v)->sq_concat(v, w);
	return unsupported(v, w, "+");
}

PyObject *PyNumber_InPlaceAdd(PyObject *v, PyObject *w)
{
	PyObject *r = in_place(v, w, SLOT(nb_inplace_add), SLOT(nb_add));
	binaryfunc f;

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	f = Py_TYPE(v)->sq_inplace_concat ? Py_TYPE(v)->sq_inplace_concat : Py_TYPE(v)->sq_concat;
	return f ? f(v, w) : unsupported(v, w, "+=");
}

static PyObject *repeat(ssizeargfunc f, PyObject *seq, PyObject *n)
{
	Py_ssize_t count;

	if (!PyIndex_Check(n))
		return PyErr_Format(PyExc_TypeError,
				    "can't multiply sequence by non-int of type '%.200s'",
				    Py_TYPE(n)->tp_name);
	count = PyNumber_AsSsize_t(n, PyExc_OverflowError);
	if (count == -1 && PyErr_Occurred())
		return NULL;
	return f(seq, count);
}

PyObject *PyNumber_Multiply(PyObject *v, PyObject *w)
{
	PyObject *r = binary(v, w, SLOT(nb_multiply));

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	if (Py_TYPE(v)->sq_repeat)
		return repeat(Py_TYPE(v)->sq_repeat, v, w);
	if (Py_TYPE(w)->sq_repeat)
		return repeat(Py_TYPE(w)->sq_repeat, w, v);
	return unsupported(v, w, "*");
}

PyObject *PyNumber_InPlaceMultiply(PyObject *v, PyObject *w)
{
	PyObject *r = in_place(v, w, SLOT(nb_inplace_multiply), SLOT(nb_multiply));

	if (r != Py_NotImplemented)
		return r;
	Py_DECREF(r);
	if (Py_TYPE(v)->sq_inplace_repeat)
		return repeat(Py_TYPE(v)->sq_inplace_repeat, v, w);
	if (Py_TYPE(v)->sq_repeat)
		return repeat(Py_TYPE(v)->sq_repeat, v, w);
	if (Py_TYPE(w)->sq_repeat)
		return repeat(Py_TYPE(w)->sq_repeat, w, v);
	return unsupported(v, w, "*=");
}

/* -- Power ------------------------------------------------------------------------------------- */
static PyObject *power(PyObject *v, PyObject *w, PyObject *mod, const char *op)
{
	PyTypeObject *const types[] = {Py_TYPE(v), Py_TYPE(w), Py_TYPE(mod)};
	ternaryfunc tried[3] = {NULL, NULL, NULL};
	int order[] = {0, 1, 2};

	if (types[1] != types[0] && types[1]->nb_power && PyType_IsSubtype(types[1], types[0])) {
		order[0] = 1;
		order[1] = 0;
	}
	for (int i = 0; i < 3; i++) {
		ternaryfunc f = types[order[i]]->nb_power;
		PyObject *r;

		if (!f || f == tried[0] || f == tried[1])
			continue;
		tried[i] = f;
		r = f(v, w, mod);
		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	if (Py_IsNone(mod))
		return unsupported(v, w, op);
	return PyErr_Format(PyExc_TypeError,
			    "unsupported operand type(s) for %.100s: '%.100s', '%.100s', '%.100s'",
			    op, types[0]->tp_name, types[1]->tp_name, types[2]->tp_name);
}

PyObject *PyNumber_Power(PyObject *v, PyObject *w, PyObject *mod)
{
	return power(v, w, mod, "** or pow()");
}

PyObject *PyNumber_InPlacePower(PyObject *v, PyObject *w, PyObject *mod)
{
	if (Py_TYPE(v)->nb_inplace_power) {
		PyObject *r = Py_TYPE(v)->nb_inplace_power(v, w, mod);

		if (r != Py_NotImplemented)
			return r;
		Py_DECREF(r);
	}
	return power(v, w, mod, "**=");
}

/* -- Unary ------------------------------------------------------------------------------------- */
#define UNARY(Name, field, what)                                                                \
	PyObject *PyNumber_##Name(PyObject *o)                                                  \
	{                                                                                       \
		if (Py_TYPE(o)->field)                                                          \
			return Py_TYPE(o)->field(o);                                            \
		return PyErr_Format(PyExc_TypeError, "bad operand type for " what ": '%.200s'", \
				    Py_TYPE(o)->tp_name);                                       \
	}
UNARY(Negative, nb_negative, "unary -")
UNARY(Positive, nb_positive, "unary +")
UNARY(Invert, nb_invert, "unary ~")
UNARY(Absolute, nb_absolute, "abs()")

/* -- Index ------------------------------------------------------------------------------------- */
int PyIndex_Check(PyObject *o)
{
	return Py_TYPE(o)->nb_index != NULL;
}

PyObject *PyNumber_Index(PyObject *o)
{
	PyObject *r, *exact;

	if (PyLong_CheckExact(o))
		return Py_NewRef(o);
	if (PyLong_Check(o))
		return _PyLong_New(o, &PyLong_Type);
	if (!PyIndex_Check(o))
		return PyErr_Format(PyExc_TypeError,
				    "'%.200s' object cannot be interpreted as an integer",
				    Py_TYPE(o)->tp_name);
	r = Py_TYPE(o)->nb_index(o);
	if (!r || PyLong_CheckExact(r))
		return r;
	if (!PyLong_Check(r)) {
		PyErr_Format(PyExc_TypeError, "__index__ returned non-int (type %.200s)",
			     Py_TYPE(r)->tp_name);
		Py_DECREF(r);
		return NULL;
	}
	exact = _PyLong_New(r, &PyLong_Type);
	Py_DECREF(r);
	return exact;
}

Py_ssize_t PyNumber_AsSsize_t(PyObject *o, PyObject *exc)
{
	PyObject *index = PyNumber_Index(o);
	Py_ssize_t r;
	int overflow;

	if (!index)
		return -1;
	r = (Py_ssize_t)PyLong_AsLongAndOverflow(index, &overflow);
	Py_DECREF(index);
	if (!overflow)
		return r;
	if (!exc)
		return overflow < 0 ? -PY_SSIZE_T_MAX - 1 : PY_SSIZE_T_MAX;
	PyErr_Format(exc, "cannot fit '%.200s' into an index-sized integer", Py_TYPE(o)->tp_name);
	return -1;
}
