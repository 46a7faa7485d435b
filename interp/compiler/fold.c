/* SPDX-License-Identifier: BSD-2-Clause */
/* Constant folding: numbers, short strings, tuples; bounded, so that no text makes large objects.
 */
#include "compiler/compile.h"

#define MAX_INT_BITS 128
#define MAX_LENGTH   4096
#define MAX_TUPLE    256

static bool is_constant(const struct expr *e)
{
	return e->kind == EXPR_CONSTANT;
}

/* Turns e into the constant `value` (a new reference); without one, e stays as it is. */
static int become(struct compiler *c, struct expr *e, PyObject *value)
{
	if (!value) {
		if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ||
		    PyErr_ExceptionMatches(PyExc_MemoryError))
			return -1;
		PyErr_Clear();
		return 0;
	}
	if (!arena_own(c->arena, value))
		return -1;
	e->kind = EXPR_CONSTANT;
	e->constant.value = value;
	e->constant.is_u = false;
	return 0;
}

static Py_ssize_t length_of(PyObject *o)
{
	return PyUnicode_CheckExact(o) || PyBytes_CheckExact(o) || PyTuple_CheckExact(o)
		       ? PySequence_Size(o)
		       : -1;
}

static bool small_int(PyObject *o, long *ret)
{
	int overflow;

	if (!PyLong_CheckExact(o))
		return false;
	*ret = PyLong_AsLongAndOverflow(o, &overflow);
	return overflow == 0;
}

/* Whether the result is sure to be small. */
static bool worth_folding(enum binary_operator op, PyObject *l, PyObject *r)
{
	Py_ssize_t size = length_of(l) >= 0 ? length_of(l) : length_of(r);
	long n, base;

	switch (op) {
	case BIN_MUL:
		if (size < 0)
			return !PyLong_CheckExact(l) || !PyLong_CheckExact(r) ||
			       _PyLong_NumBits(l) + _PyLong_NumBits(r) <= MAX_INT_BITS;
		if (!small_int(l, &n) && !small_int(r, &n))
			return false;
		return size == 0 ||
		       n <= (PyTuple_CheckExact(l) || PyTuple_CheckExact(r) ? MAX_TUPLE
									    : MAX_LENGTH) /
				       size;
	case BIN_LSHIFT:
		return PyLong_CheckExact(l) && small_int(r, &n) && n >= 0 &&
		       (size_t)n + _PyLong_NumBits(l) <= MAX_INT_BITS;
	case BIN_POW:
		if (PyLong_CheckExact(l) && PyLong_CheckExact(r))
			return small_int(r, &n) && n >= 0 && n <= MAX_INT_BITS &&
			       (size_t)n * _PyLong_NumBits(l) <= MAX_INT_BITS;
		return size < 0;
	case BIN_MOD: return size < 0; /* formatting is left for run time */
	case BIN_ADD: return size < 0 || size + length_of(r) <= MAX_LENGTH;
	default: return small_int(l, &base) || size < 0;
	}
}

static PyObject *binary_value(enum binary_operator op, PyObject *l, PyObject *r)
{
	switch (op) {
	case BIN_ADD: return PyNumber_Add(l, r);
	case BIN_SUB: return PyNumber_Subtract(l, r);
	case BIN_MUL: return PyNumber_Multiply(l, r);
	case BIN_DIV: return PyNumber_TrueDivide(l, r);
	case BIN_FLOORDIV: return PyNumber_FloorDivide(l, r);
	case BIN_MOD: return PyNumber_Remainder(l, r);
	case BIN_POW: return PyNumber_Power(l, r, Py_None);
	case BIN_LSHIFT: return PyNumber_Lshift(l, r);
	case BIN_RSHIFT: return PyNumber_Rshift(l, r);
	case BIN_AND: return PyNumber_And(l, r);
	case BIN_OR: return PyNumber_Or(l, r);
	case BIN_XOR: return PyNumber_Xor(l, r);
	default: return PyNumber_MatrixMultiply(l, r);
	}
}

static int fold_binary(struct compiler *c, struct expr *e)
{
	struct expr *l = e->bin_op.left, *r = e->bin_op.right;

	TRY(fold(c, l));
	TRY(fold(c, r));
	if (!is_constant(l) || !is_constant(r) ||
	    !worth_folding(e->bin_op.op, l->constant.value, r->constant.value))
		return 0;
	return become(c, e, binary_value(e->bin_op.op, l->constant.value, r->constant.value));
}

static int fold_unary(struct compiler *c, struct expr *e)
{
	struct expr *operand = e->unary_op.operand;
	PyObject *v;
	int truth;

	TRY(fold(c, operand));
	if (!is_constant(operand)) {
		struct expr *inner = operand;
		static const uint8_t opposite[] = {[CMP_IS] = CMP_IS_NOT,
						   [CMP_IS_NOT] = CMP_IS,
						   [CMP_IN] = CMP_NOT_IN,
						   [CMP_NOT_IN] = CMP_IN};

		if (e->unary_op.op != UNARY_NOT_OP || inner->kind != EXPR_COMPARE ||
		    inner->compare.comparators.n != 1 || inner->compare.ops[0] < CMP_IS)
			return 0;
		inner->compare.ops[0] = opposite[inner->compare.ops[0]];
		*e = *inner;
		return 0;
	}
	v = operand->constant.value;
	switch (e->unary_op.op) {
	case UNARY_NOT_OP:
		truth = PyObject_IsTrue(v);
		return become(c, e, truth < 0 ? NULL : Py_NewRef(truth ? Py_False : Py_True));
	case UNARY_INVERT_OP: return become(c, e, PyNumber_Invert(v));
	case UNARY_PLUS_OP: return become(c, e, PyNumber_Positive(v));
	default: return become(c, e, PyNumber_Negative(v));
	}
}

PyObject *fold_items(struct compiler *c, const struct seq *items)
{
	PyObject *tuple;

	for (int i = 0; i < items->n; i++) {
		struct expr *item = expr_at(items, i);

		if (item && fold(c, item) < 0)
			return NULL;
		if (!item || !is_constant(item))
			return NULL;
	}
	tuple = PyTuple_New(items->n);
	for (int i = 0; tuple && i < items->n; i++)
		PyTuple_SET_ITEM(tuple, i, Py_NewRef(expr_at(items, i)->constant.value));
	return arena_own(c->arena, tuple);
}

int fold(struct compiler *c, struct expr *e)
{
	PyObject *tuple;
	int error = 0;

	if (e->folded)
		return 0;
	e->folded = true;
	TRY(recurse(c));
	switch (e->kind) {
	case EXPR_BIN_OP: error = fold_binary(c, e); break;
	case EXPR_UNARY_OP: error = fold_unary(c, e); break;
	case EXPR_NAME:
		if (e->ctx == CTX_LOAD &&
		    PyUnicode_CompareWithASCIIString(e->name.id, "__debug__") == 0)
			error = become(c, e, Py_NewRef(Py_True));
		break;
	case EXPR_TUPLE:
		if (e->ctx != CTX_LOAD)
			break;
		tuple = fold_items(c, &e->list.items);
		error = tuple ? become(c, e, Py_NewRef(tuple)) : PyErr_Occurred() ? -1 : 0;
		break;
	default: break;
	}
	c->depth--;
	return error;
}
