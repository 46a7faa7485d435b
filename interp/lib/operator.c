/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules _operator, the functions, and operator, the same and their names in dunders. */
#include "lib/operator.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/unicode.h"

static PyObject *truth_or_error(int truth)
{
	return truth < 0 ? NULL : PyBool_FromLong(truth);
}

static PyObject *none_or_error(int status)
{
	return status < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *count_or_error(Py_ssize_t n)
{
	return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

/* -- The functions of one and of two arguments ------------------------------------------------- */
/* ONE(name, what it gives of a), TWO(name, of a and b). The first list has names in dunders too. */
#define OPERATORS(ONE, TWO)                                      \
	ONE(abs, PyNumber_Absolute(a))                           \
	ONE(index, PyNumber_Index(a))                            \
	ONE(inv, PyNumber_Invert(a))                             \
	ONE(invert, PyNumber_Invert(a))                          \
	ONE(neg, PyNumber_Negative(a))                           \
	ONE(not_, truth_or_error(PyObject_Not(a)))               \
	ONE(pos, PyNumber_Positive(a))                           \
	TWO(add, PyNumber_Add(a, b))                             \
	TWO(and_, PyNumber_And(a, b))                            \
	TWO(concat, PySequence_Concat(a, b))                     \
	TWO(contains, truth_or_error(PySequence_Contains(a, b))) \
	TWO(delitem, none_or_error(PyObject_DelItem(a, b)))      \
	TWO(eq, PyObject_RichCompare(a, b, Py_EQ))               \
	TWO(floordiv, PyNumber_FloorDivide(a, b))                \
	TWO(ge, PyObject_RichCompare(a, b, Py_GE))               \
	TWO(getitem, PyObject_GetItem(a, b))                     \
	TWO(gt, PyObject_RichCompare(a, b, Py_GT))               \
	TWO(iadd, PyNumber_InPlaceAdd(a, b))                     \
	TWO(iand, PyNumber_InPlaceAnd(a, b))                     \
	TWO(iconcat, PySequence_InPlaceConcat(a, b))             \
	TWO(ifloordiv, PyNumber_InPlaceFloorDivide(a, b))        \
	TWO(ilshift, PyNumber_InPlaceLshift(a, b))               \
	TWO(imatmul, PyNumber_InPlaceMatrixMultiply(a, b))       \
	TWO(imod, PyNumber_InPlaceRemainder(a, b))               \
	TWO(imul, PyNumber_InPlaceMultiply(a, b))                \
	TWO(ior, PyNumber_InPlaceOr(a, b))                       \
	TWO(ipow, PyNumber_InPlacePower(a, b, Py_None))          \
	TWO(irshift, PyNumber_InPlaceRshift(a, b))               \
	TWO(isub, PyNumber_InPlaceSubtract(a, b))                \
	TWO(itruediv, PyNumber_InPlaceTrueDivide(a, b))          \
	TWO(ixor, PyNumber_InPlaceXor(a, b))                     \
	TWO(le, PyObject_RichCompare(a, b, Py_LE))               \
	TWO(lshift, PyNumber_Lshift(a, b))                       \
	TWO(lt, PyObject_RichCompare(a, b, Py_LT))               \
	TWO(matmul, PyNumber_MatrixMultiply(a, b))               \
	TWO(mod, PyNumber_Remainder(a, b))                       \
	TWO(mul, PyNumber_Multiply(a, b))                        \
	TWO(ne, PyObject_RichCompare(a, b, Py_NE))               \
	TWO(or_, PyNumber_Or(a, b))                              \
	TWO(pow, PyNumber_Power(a, b, Py_None))                  \
	TWO(rshift, PyNumber_Rshift(a, b))                       \
	TWO(sub, PyNumber_Subtract(a, b))                        \
	TWO(truediv, PyNumber_TrueDivide(a, b))                  \
	TWO(xor, PyNumber_Xor(a, b))
#define PLAIN_FUNCTIONS(ONE, TWO)                            \
	ONE(truth, truth_or_error(PyObject_IsTrue(a)))       \
	TWO(countOf, count_or_error(PySequence_Count(a, b))) \
	TWO(indexOf, count_or_error(PySequence_Index(a, b))) \
	TWO(is_, PyBool_FromLong(a == b))                    \
	TWO(is_not, PyBool_FromLong(a != b))

#define DEFINE_ONE(name, value)                                       \
	static PyObject *operator_##name(PyObject *self, PyObject *a) \
	{                                                             \
		return value;                                         \
	}
#define DEFINE_TWO(name, value)                                                               \
	static PyObject *operator_##name(PyObject *self, PyObject *const *args, Py_ssize_t n) \
	{                                                                                     \
		if (n != 2 && !PyArg_CheckPositional(#name, n, 2, 2))                         \
			return NULL;                                                          \
		PyObject *a = args[0], *b = args[1];                                          \
                                                                                              \
		return value;                                                                 \
	}
OPERATORS(DEFINE_ONE, DEFINE_TWO)
PLAIN_FUNCTIONS(DEFINE_ONE, DEFINE_TWO)

/* -- The others -------------------------------------------------------------------------------- */
static PyObject *operator_setitem(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
	if (!PyArg_CheckPositional("setitem", n, 3, 3))
		return NULL;
	return none_or_error(PyObject_SetItem(args[0], args[1], args[2]));
}

static PyObject *operator_call(PyObject *self, PyObject *const *args, Py_ssize_t n,
			       PyObject *kwnames)
{
	if (!PyArg_CheckPositional("call", n, 1, PY_SSIZE_T_MAX))
		return NULL;
	return PyObject_Vectorcall(args[0], args + 1, (size_t)(n - 1), kwnames);
}

static PyObject *operator_length_hint(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
	Py_ssize_t fallback = 0, hint;

	if (!PyArg_CheckPositional("length_hint", n, 1, 2))
		return NULL;
	if (n > 1) {
		PyObject *index = PyNumber_Index(args[1]);

		fallback = index ? PyLong_AsSsize_t(index) : -1;
		Py_XDECREF(index);
		if (fallback == -1 && PyErr_Occurred())
			return NULL;
	}
	hint = PyObject_LengthHint(args[0], fallback);
	return hint == -1 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(hint);
}

/* Takes as long for any two texts of these lengths, wherever they differ. */
static bool same_bytes(const char *a, Py_ssize_t na, const char *b, Py_ssize_t nb)
{
	volatile char different = na != nb;

	if (different)
		a = b; /* whoever measures learns the length of b, which the caller gave */
	for (Py_ssize_t i = 0; i < nb; i++)
		different = (char)(different | (a[i] ^ b[i]));
	return !different;
}

static PyObject *operator_compare_digest(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
	if (!PyArg_CheckPositional("_compare_digest", n, 2, 2))
		return NULL;
	PyObject *a = args[0], *b = args[1];
	const char *p, *q;
	Py_ssize_t np, nq;

	if (PyUnicode_Check(a) && PyUnicode_Check(b)) {
		if (!PyUnicode_IS_ASCII(a) || !PyUnicode_IS_ASCII(b))
			return PyErr_Format(PyExc_TypeError, "comparing strings with non-ASCII "
							     "characters is not supported");
		p = PyUnicode_DATA(a);
		q = PyUnicode_DATA(b);
		np = PyUnicode_GET_LENGTH(a);
		nq = PyUnicode_GET_LENGTH(b);
	} else if (!_PyBytes_View(a, &p, &np)) {
		return PyErr_Format(PyExc_TypeError,
				    "unsupported operand types(s) or combination of types: "
				    "'%.100s' and '%.100s'",
				    Py_TYPE(a)->tp_name, Py_TYPE(b)->tp_name);
	} else if (!_PyBytes_View(b, &q, &nq)) {
		return PyErr_Format(PyExc_TypeError,
				    "a bytes-like object is required, not '%.100s'",
				    Py_TYPE(b)->tp_name);
	}
	return PyBool_FromLong(same_bytes(p, np, q, nq));
}

/* -- The modules ------------------------------------------------------------------------------- */
#define FAST(f)              ((PyCFunction)(void (*)(void))(f))
#define ROW_ONE(name, value) {#name, operator_##name, METH_O, NULL},
#define ROW_TWO(name, value) {#name, FAST(operator_##name), METH_FASTCALL, NULL},

static PyMethodDef operators[] = {
	OPERATORS(ROW_ONE, ROW_TWO){"call", FAST(operator_call), METH_FASTCALL | METH_KEYWORDS,
				    NULL},
	{"setitem", FAST(operator_setitem), METH_FASTCALL, NULL},
	{0},
};
static PyMethodDef plain_functions[] = {
	PLAIN_FUNCTIONS(ROW_ONE, ROW_TWO){"length_hint", FAST(operator_length_hint), METH_FASTCALL,
					  NULL},
	{"_compare_digest", FAST(operator_compare_digest), METH_FASTCALL, NULL},
	{0},
};

PyObject *_PyOperatorFunctions_Init(void)
{
	PyObject *module = PyModule_New("_operator");

	if (module && (PyModule_AddFunctions(module, operators) < 0 ||
		       PyModule_AddFunctions(module, plain_functions) < 0 ||
		       PyModule_AddType(module, &_PyItemGetter_Type) < 0 ||
		       PyModule_AddType(module, &_PyAttrGetter_Type) < 0 ||
		       PyModule_AddType(module, &_PyMethodCaller_Type) < 0))
		Py_CLEAR(module);
	return module;
}

/* Every name of _operator that does not begin with _; __all__ is those names, sorted. */
static int copy_public(PyObject *module, PyObject *from)
{
	PyObject *all = PyList_New(0), *key, *value;
	Py_ssize_t pos = 0;
	int status = all ? 0 : -1;

	while (status == 0 && PyDict_Next(from, &pos, &key, &value)) {
		if (!PyUnicode_Check(key) || PyUnicode_READ_CHAR(key, 0) == '_')
			continue;
		status = PyDict_SetItem(PyModule_GetDict(module), key, value);
		if (status == 0)
			status = PyList_Append(all, key);
	}
	if (status == 0)
		status = PyList_Sort(all);
	if (status == 0)
		status = PyModule_AddObjectRef(module, "__all__", all);
	Py_XDECREF(all);
	return status;
}

/* add is __add__ too, and_ is __and__. */
static int add_dunders(PyObject *module)
{
	for (PyMethodDef *def = operators; def->ml_name; def++) {
		size_t n = strcspn(def->ml_name, "_");
		char name[32];

		snprintf(name, sizeof(name), "__%.*s__", (int)n, def->ml_name);
		if (PyModule_AddObjectRef(
			    module, name,
			    PyDict_GetItemString(PyModule_GetDict(module), def->ml_name)) < 0)
			return -1;
	}
	return 0;
}

PyObject *_PyOperator_Init(void)
{
	PyObject *functions = PyImport_ImportModule("_operator");
	PyObject *module = functions ? PyModule_New("operator") : NULL;

	if (module &&
	    (copy_public(module, PyModule_GetDict(functions)) < 0 || add_dunders(module) < 0))
		Py_CLEAR(module);
	Py_XDECREF(functions);
	return module;
}
