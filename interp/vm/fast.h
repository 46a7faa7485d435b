/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operators on exact ints that fit 64 bits and on exact floats, without a call. What they do not
 * know (other types, overflow, division by zero) they leave to the general way.
 *
 * An operand that only the value stack holds is used again for the result.
 */
#ifndef MINIPY_VM_FAST_H
#define MINIPY_VM_FAST_H

#include "objects/abstract.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/unicode.h"
#include "vm/opcode.h"

/* 1: the operator's result has replaced *a and b is released; 0: nothing done; -1: error, nothing
 * released. */
static Py_ALWAYS_INLINE int _PyFast_PutInt(PyObject **a, PyObject *b, int64_t v)
{
	PyLongObject *left = (PyLongObject *)*a;

	if (Py_REFCNT(left) == 1 && !_PyLong_IS_SMALL(v)) {
		left->ob_size = v < 0 ? -1 : 1;
		left->ob_limb[0] = v < 0 ? -(uint64_t)v : (uint64_t)v;
	} else {
		PyObject *r = PyLong_FromLong(v);

		if (Py_UNLIKELY(!r))
			return -1;
		*a = r;
		Py_DECREF(left);
	}
	Py_DECREF(b);
	return 1;
}

static Py_ALWAYS_INLINE int _PyFast_IntOp(unsigned op, PyObject **a, PyObject *b)
{
	int64_t x, y, r;

	if (!_PyLong_GetInt64(*a, &x) || !_PyLong_GetInt64(b, &y))
		return 0;
	switch (op >= NB_INPLACE ? op - NB_INPLACE : op) {
	case NB_ADD:
		if (__builtin_add_overflow(x, y, &r))
			return 0;
		break;
	case NB_SUBTRACT:
		if (__builtin_sub_overflow(x, y, &r))
			return 0;
		break;
	case NB_MULTIPLY:
		if (__builtin_mul_overflow(x, y, &r))
			return 0;
		break;
	case NB_AND: r = x & y; break;
	case NB_OR: r = x | y; break;
	case NB_XOR: r = x ^ y; break;
	case NB_REMAINDER:
		if (y <= 0)
			return 0;
		r = x % y;
		r += r < 0 ? y : 0;
		break;
	case NB_FLOOR_DIVIDE:
		if (y <= 0)
			return 0;
		r = x / y - (x % y < 0);
		break;
	case NB_RSHIFT:
		if (y < 0)
			return 0;
		r = x >> (y > 63 ? 63 : y);
		break;
	case NB_LSHIFT:
		if (y < 0 || y > 62 || x < 0 || x >> (62 - y))
			return 0;
		r = x << y;
		break;
	default: return 0;
	}
	return _PyFast_PutInt(a, b, r);
}

static Py_ALWAYS_INLINE int _PyFast_PutFloat(PyObject **a, PyObject *b, double v)
{
	PyObject *left = *a;

	if (Py_REFCNT(left) == 1) {
		PyFloat_AS_DOUBLE(left) = v;
		Py_DECREF(b);
	} else if (Py_REFCNT(b) == 1) {
		PyFloat_AS_DOUBLE(b) = v;
		*a = b;
		Py_DECREF(left);
	} else {
		*a = PyFloat_FromDouble(v);
		if (Py_UNLIKELY(!*a)) {
			*a = left;
			return -1;
		}
		Py_DECREF(left);
		Py_DECREF(b);
	}
	return 1;
}

static Py_ALWAYS_INLINE int _PyFast_FloatOp(unsigned op, PyObject **a, PyObject *b)
{
	double x = PyFloat_AS_DOUBLE(*a), y = PyFloat_AS_DOUBLE(b);

	switch (op >= NB_INPLACE ? op - NB_INPLACE : op) {
	case NB_ADD: return _PyFast_PutFloat(a, b, x + y);
	case NB_SUBTRACT: return _PyFast_PutFloat(a, b, x - y);
	case NB_MULTIPLY: return _PyFast_PutFloat(a, b, x * y);
	case NB_TRUE_DIVIDE: return y == 0.0 ? 0 : _PyFast_PutFloat(a, b, x / y);
	default: return 0;
	}
}

/* COMPARE_OP of exact ints, floats and strs: 1 true, 0 false, -1 not known here. */
static Py_ALWAYS_INLINE int _PyFast_Compare(PyObject *a, PyObject *b, int op)
{
	int64_t x, y;

	if (Py_TYPE(a) != Py_TYPE(b))
		return -1;
	if (PyLong_CheckExact(a)) {
		if (!_PyLong_GetInt64(a, &x) || !_PyLong_GetInt64(b, &y))
			return -1;
		return _Py_CompareHolds((x > y) - (x < y), op);
	}
	if (PyFloat_CheckExact(a)) {
		double v = PyFloat_AS_DOUBLE(a), w = PyFloat_AS_DOUBLE(b);

		switch (op) {
		case Py_LT: return v < w;
		case Py_LE: return v <= w;
		case Py_EQ: return v == w;
		case Py_NE: return v != w;
		case Py_GT: return v > w;
		default: return v >= w;
		}
	}
	if (PyUnicode_CheckExact(a) && (op == Py_EQ || op == Py_NE))
		return (a == b || _PyUnicode_EQ(a, b)) == (op == Py_EQ);
	return -1;
}

/* The place that the exact int key names in a sequence of n items, or -1. */
static Py_ALWAYS_INLINE Py_ssize_t _PyFast_Index(PyObject *key, Py_ssize_t n)
{
	int64_t i;

	if (!_PyLong_GetInt64(key, &i))
		return -1;
	if (i < 0)
		i += n;
	return i >= 0 && i < n ? (Py_ssize_t)i : -1;
}

#endif
