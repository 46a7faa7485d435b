/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * product, permutations, combinations, combinations_with_replacement.
 *
 * All four give tuples of r items from a pool (product: each from a pool of its own), by an array
 * of indices that counts up. A step says from which place on the tuple changes.
 */
#include "lib/itertools.h"

#include "objects/dict.h"
#include "objects/names.h"

typedef struct {
	PyObject_HEAD PyObject *pool; /* a tuple; product: a tuple of r of them */
	PyObject *
		result; /* the tuple given last, NULL before the first; used again when it can be */
	Py_ssize_t
		*indices;   /* r; permutations: one for each item of the pool, the first r chosen */
	Py_ssize_t *cycles; /* permutations: r; how many items are still to stand at the place */
	Py_ssize_t r;
	bool is_done;
} ComboObject;

ITER_REFS(combo_refs, ComboObject, result)

#define C(o)          ((ComboObject *)(o))
#define SIZE(c)       PyTuple_GET_SIZE((c)->pool)
#define POOL_OF(c, i) PyTuple_GET_ITEM((c)->pool, i)

static void combo_dealloc(PyObject *o)
{
	PyMem_Free(C(o)->indices);
	PyMem_Free(C(o)->cycles);
	C(o)->indices = C(o)->cycles = NULL;
	combo_refs_dealloc(o);
}

static int combo_clear(PyObject *o)
{
	C(o)->is_done = true;
	return combo_refs_clear(o);
}

/* Takes the pool, which may be NULL. With n indices, all 0; none when it is done from the start. */
static ComboObject *combo_make(PyTypeObject *type, PyObject *pool, Py_ssize_t r, Py_ssize_t n,
			       bool is_done)
{
	ComboObject *c = pool ? (ComboObject *)type->tp_alloc(type, 0) : NULL;

	if (!c) {
		Py_XDECREF(pool);
		return NULL;
	}
	c->pool = pool;
	c->r = r;
	c->is_done = is_done;
	if (is_done)
		return c;
	c->indices = PyMem_Calloc((size_t)n, sizeof(Py_ssize_t));
	if (!c->indices) {
		Py_DECREF(c);
		return (ComboObject *)PyErr_NoMemory();
	}
	return c;
}

static PyObject *chosen(ComboObject *c, Py_ssize_t i, bool is_product)
{
	return Py_NewRef(PyTuple_GET_ITEM(is_product ? POOL_OF(c, i) : c->pool, c->indices[i]));
}

/* The tuple that the indices say, which differ from the last one's in the places from `from` on.
 * Items that leave it stay in the pool: nothing is destroyed here. */
static PyObject *combo_result(ComboObject *c, Py_ssize_t from, bool is_product)
{
	PyObject *last = c->result, *result;

	if (last && Py_REFCNT(last) == 1) {
		for (Py_ssize_t i = from; i < c->r; i++)
			Py_SETREF(PyTuple_GET_ITEM(last, i), chosen(c, i, is_product));
		return Py_NewRef(last);
	}
	result = PyTuple_New(c->r);
	if (!result)
		return NULL;
	for (Py_ssize_t i = 0; i < c->r; i++)
		PyTuple_SET_ITEM(result, i,
				 i < from ? Py_NewRef(PyTuple_GET_ITEM(last, i))
					  : chosen(c, i, is_product));
	Py_XSETREF(c->result, Py_NewRef(result));
	return result;
}

/* advance: the first place that changes, -1 when there is nothing more. */
static Py_ALWAYS_INLINE PyObject *combo_next(PyObject *o, Py_ssize_t (*advance)(ComboObject *),
					     bool is_product)
{
	ComboObject *c = C(o);
	Py_ssize_t from = c->is_done ? -1 : c->result ? advance(c) : 0;

	if (from >= 0)
		return combo_result(c, from, is_product);
	c->is_done = true;
	return NULL;
}

/* -- State ------------------------------------------------------------------------------------- */
static PyObject *tuple_of_indices(const Py_ssize_t *indices, Py_ssize_t n)
{
	PyObject *t = PyTuple_New(n);

	for (Py_ssize_t i = 0; t && i < n; i++) {
		PyObject *index = PyLong_FromSsize_t(indices[i]);

		if (!index)
			Py_CLEAR(t);
		else
			PyTuple_SET_ITEM(t, i, index);
	}
	return t;
}

/* (pool, r), or ((), r) when nothing more comes. */
static PyObject *combo_args(ComboObject *c)
{
	bool is_empty = !c->pool || (c->result && c->is_done);

	return _PyTuple_OF(is_empty ? PyTuple_New(0) : Py_NewRef(c->pool),
			   PyLong_FromSsize_t(c->r));
}

static PyObject *combo_reduce(PyObject *o, PyObject *unused)
{
	if (!C(o)->result || C(o)->is_done)
		return _PyIter_Reduce(o, combo_args(C(o)));
	return _PyIter_ReduceWith(o, combo_args(C(o)), tuple_of_indices(C(o)->indices, C(o)->r));
}

/* One number of a state, moved into low..high: false with an exception. */
static bool state_item(PyObject *state, Py_ssize_t i, Py_ssize_t low, Py_ssize_t high,
		       Py_ssize_t *ret)
{
	Py_ssize_t value = PyLong_AsSsize_t(PyTuple_GET_ITEM(state, i));

	if (value == -1 && PyErr_Occurred())
		return false;
	*ret = value < low ? low : value > high ? high : value;
	return true;
}

static bool is_tuple_of(PyObject *o, Py_ssize_t n)
{
	return PyTuple_Check(o) && PyTuple_GET_SIZE(o) == n;
}

/* The indices have been set: what they say is what was given last. */
static PyObject *combo_resume(ComboObject *c, bool is_product)
{
	PyObject *result;

	Py_CLEAR(c->result);
	result = combo_result(c, 0, is_product);
	Py_XDECREF(result);
	return result ? Py_NewRef(Py_None) : NULL;
}

/* with_replacement: an item may stand at several places, so the last index is good everywhere. */
static PyObject *set_indices(ComboObject *c, PyObject *state, bool with_replacement)
{
	if (!is_tuple_of(state, c->r))
		return PyErr_Format(PyExc_ValueError, "invalid arguments");
	if (!c->indices || !c->pool)
		Py_RETURN_NONE;
	for (Py_ssize_t i = 0; i < c->r; i++) {
		Py_ssize_t high = with_replacement ? SIZE(c) - 1 : SIZE(c) - c->r + i;

		if (!state_item(state, i, 0, high, &c->indices[i]))
			return NULL;
	}
	return combo_resume(c, false);
}

static PyObject *combo_sizeof(PyObject *o, PyObject *unused)
{
	Py_ssize_t indices = C(o)->cycles ? SIZE(C(o)) + C(o)->r : C(o)->r;

	return PyLong_FromSsize_t(Py_TYPE(o)->tp_basicsize +
				  (C(o)->indices ? indices : 0) * (Py_ssize_t)sizeof(Py_ssize_t));
}

#define COMBO_TYPE(Type, name, reduce, setstate, doc)                                        \
	static PyMethodDef name##_methods[] = {                                              \
		{"__reduce__", reduce, METH_NOARGS, "Helper for pickle."},                   \
		{"__setstate__", setstate, METH_O, "Set state information for unpickling."}, \
		{"__sizeof__", combo_sizeof, METH_NOARGS, "Its size in memory, in bytes."},  \
		{0},                                                                         \
	};                                                                                   \
	ITER_TYPE_OF(Type, name, ComboObject, Py_TPFLAGS_BASETYPE, combo, name##_methods, doc)
#define combo_traverse combo_refs_traverse

/* -- product ----------------------------------------------------------------------------------- */
/* The pools of the iterables, one after the other, n times over. */
static PyObject *product_pools(PyObject *iterables, Py_ssize_t n)
{
	Py_ssize_t each = n ? PyTuple_GET_SIZE(iterables) : 0, size;
	PyObject *pools;

	if (__builtin_mul_overflow(each, n, &size) ||
	    size > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(Py_ssize_t))
		return PyErr_Format(PyExc_OverflowError, "repeat argument too large");
	pools = PyTuple_New(size);
	for (Py_ssize_t i = 0; pools && i < size; i++) {
		PyObject *pool = i < each ? PySequence_Tuple(PyTuple_GET_ITEM(iterables, i))
					  : Py_NewRef(PyTuple_GET_ITEM(pools, i - each));

		if (!pool)
			Py_CLEAR(pools);
		else
			PyTuple_SET_ITEM(pools, i, pool);
	}
	return pools;
}

static PyObject *product_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"repeat", NULL};
	static const struct PyArgSpec spec = {"product", names, .max_pos = 0};
	PyObject *a[1] = {NULL}, *none, *pools;
	Py_ssize_t n = 1;
	bool is_done = false;
	int status;

	if (kwargs) {
		none = PyTuple_New(0);
		status = none ? PyArg_ParseDict(&spec, none, kwargs, a) : -1;
		Py_XDECREF(none);
		if (status < 0)
			return NULL;
	}
	if (a[0])
		n = _PyIter_Count(a[0]);
	if (n == -1 && PyErr_Occurred())
		return NULL;
	if (n < 0)
		return PyErr_Format(PyExc_ValueError, "repeat argument cannot be negative");
	pools = product_pools(args, n);
	n = pools ? PyTuple_GET_SIZE(pools) : 0;
	for (Py_ssize_t i = 0; i < n; i++)
		is_done |= PyTuple_GET_SIZE(PyTuple_GET_ITEM(pools, i)) == 0;
	return (PyObject *)combo_make(type, pools, n, n, is_done);
}

static Py_ssize_t product_advance(ComboObject *c)
{
	for (Py_ssize_t i = c->r; i-- > 0;) {
		if (++c->indices[i] < PyTuple_GET_SIZE(POOL_OF(c, i)))
			return i;
		c->indices[i] = 0;
	}
	return -1;
}

static PyObject *product_next(PyObject *o)
{
	return combo_next(o, product_advance, true);
}

static PyObject *product_reduce(PyObject *o, PyObject *unused)
{
	ComboObject *c = C(o);

	if (!c->pool || (c->is_done && c->result))
		return _PyIter_Reduce(o, _PyTuple_OF(PyTuple_New(0)));
	if (!c->result)
		return _PyIter_Reduce(o, Py_NewRef(c->pool));
	return _PyIter_ReduceWith(o, Py_NewRef(c->pool), tuple_of_indices(c->indices, c->r));
}

static PyObject *product_setstate(PyObject *o, PyObject *state)
{
	ComboObject *c = C(o);

	if (!is_tuple_of(state, c->r))
		return PyErr_Format(PyExc_ValueError, "invalid arguments");
	if (!c->indices || !c->pool)
		Py_RETURN_NONE;
	for (Py_ssize_t i = 0; i < c->r; i++)
		if (!state_item(state, i, 0, PyTuple_GET_SIZE(POOL_OF(c, i)) - 1, &c->indices[i]))
			return NULL;
	return combo_resume(c, true);
}

COMBO_TYPE(
	_PyProduct_Type, product, product_reduce, product_setstate,
	"product(*iterables, repeat=1) --> tuples with an item of each, as nested loops give them")

/* -- combinations ------------------------------------------------------------------------------ */
/* (iterable, r) of the two kinds of combinations: the pool, new, and r. */
static PyObject *pool_and_r(const struct PyArgSpec *spec, PyObject *args, PyObject *kwargs,
			    Py_ssize_t *r)
{
	PyObject *a[2], *pool;

	if (PyArg_ParseDict(spec, args, kwargs, a) < 0)
		return NULL;
	*r = _PyIter_Count(a[1]);
	if (*r == -1 && PyErr_Occurred())
		return NULL;
	pool = PySequence_Tuple(a[0]);
	if (pool && *r < 0) {
		PyErr_SetString(PyExc_ValueError, "r must be non-negative");
		Py_CLEAR(pool);
	}
	return pool;
}

static const char *const combination_names[] = {"iterable", "r", NULL};

static PyObject *combinations_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const struct PyArgSpec spec = {"combinations", combination_names, .required = 2,
					      .max_pos = 2};
	Py_ssize_t r;
	PyObject *pool = pool_and_r(&spec, args, kwargs, &r);
	ComboObject *c = combo_make(type, pool, r, r, pool && r > PyTuple_GET_SIZE(pool));

	for (Py_ssize_t i = 0; c && c->indices && i < r; i++)
		c->indices[i] = i;
	return (PyObject *)c;
}

static Py_ssize_t combinations_advance(ComboObject *c)
{
	Py_ssize_t i = c->r - 1, gap = SIZE(c) - c->r;

	while (i >= 0 && c->indices[i] == i + gap)
		i--;
	if (i < 0)
		return -1;
	c->indices[i]++;
	for (Py_ssize_t j = i + 1; j < c->r; j++)
		c->indices[j] = c->indices[j - 1] + 1;
	return i;
}

static PyObject *combinations_next(PyObject *o)
{
	return combo_next(o, combinations_advance, false);
}

static PyObject *combinations_setstate(PyObject *o, PyObject *state)
{
	return set_indices(C(o), state, false);
}

COMBO_TYPE(_PyCombinations_Type, combinations, combo_reduce, combinations_setstate,
	   "combinations(iterable, r) --> the tuples of r items, in the order of the iterable")

/* -- combinations_with_replacement ------------------------------------------------------------- */
static PyObject *combinations_with_replacement_new(PyTypeObject *type, PyObject *args,
						   PyObject *kwargs)
{
	static const struct PyArgSpec spec = {"combinations_with_replacement", combination_names,
					      .required = 2, .max_pos = 2};
	Py_ssize_t r;
	PyObject *pool = pool_and_r(&spec, args, kwargs, &r);

	return (PyObject *)combo_make(type, pool, r, r,
				      pool && PyTuple_GET_SIZE(pool) == 0 && r > 0);
}

static Py_ssize_t replacement_advance(ComboObject *c)
{
	Py_ssize_t i = c->r - 1, last = SIZE(c) - 1;

	while (i >= 0 && c->indices[i] == last)
		i--;
	if (i < 0)
		return -1;
	c->indices[i]++;
	for (Py_ssize_t j = i + 1; j < c->r; j++)
		c->indices[j] = c->indices[i];
	return i;
}

static PyObject *combinations_with_replacement_next(PyObject *o)
{
	return combo_next(o, replacement_advance, false);
}

static PyObject *replacement_setstate(PyObject *o, PyObject *state)
{
	return set_indices(C(o), state, true);
}

COMBO_TYPE(_PyCombinationsWR_Type, combinations_with_replacement, combo_reduce,
	   replacement_setstate,
	   "combinations_with_replacement(iterable, r) --> as combinations, items may repeat")

/* -- permutations ------------------------------------------------------------------------------ */
/* r of permutations: None is all. -1 with an exception. */
static Py_ssize_t permutation_size(PyObject *r, PyObject *pool)
{
	Py_ssize_t n;

	if (!r || Py_IsNone(r))
		return PyTuple_GET_SIZE(pool);
	if (!PyLong_Check(r)) {
		PyErr_SetString(PyExc_TypeError, "Expected int as r");
		return -1;
	}
	n = PyLong_AsSsize_t(r);
	if (n < 0 && !PyErr_Occurred())
		PyErr_SetString(PyExc_ValueError, "r must be non-negative");
	return n < 0 ? -1 : n;
}

static PyObject *permutations_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const struct PyArgSpec spec = {"permutations", combination_names, .required = 1,
					      .max_pos = 2};
	PyObject *a[2], *pool;
	Py_ssize_t r, n;
	ComboObject *c;

	if (PyArg_ParseDict(&spec, args, kwargs, a) < 0)
		return NULL;
	pool = PySequence_Tuple(a[0]);
	if (!pool)
		return NULL;
	n = PyTuple_GET_SIZE(pool);
	r = permutation_size(a[1], pool);
	if (r < 0) {
		Py_DECREF(pool);
		return NULL;
	}
	c = combo_make(type, pool, r, n, r > n);
	if (!c || c->is_done)
		return (PyObject *)c;
	c->cycles = PyMem_Calloc((size_t)r, sizeof(Py_ssize_t));
	if (!c->cycles) {
		Py_DECREF(c);
		return PyErr_NoMemory();
	}
	for (Py_ssize_t i = 0; i < n; i++)
		c->indices[i] = i;
	for (Py_ssize_t i = 0; i < r; i++)
		c->cycles[i] = n - i;
	return (PyObject *)c;
}

/* The index at i goes behind those that follow it. */
static void to_the_end(Py_ssize_t *indices, Py_ssize_t i, Py_ssize_t n)
{
	Py_ssize_t index = indices[i];

	memmove(&indices[i], &indices[i + 1], (size_t)(n - i - 1) * sizeof(*indices));
	indices[n - 1] = index;
}

static Py_ssize_t permutations_advance(ComboObject *c)
{
	Py_ssize_t n = SIZE(c), other;

	for (Py_ssize_t i = c->r; i-- > 0;) {
		if (--c->cycles[i] > 0) { /* another of those behind stands at i now */
			other = n - c->cycles[i];
			Py_ssize_t index = c->indices[i];

			c->indices[i] = c->indices[other];
			c->indices[other] = index;
			return i;
		}
		to_the_end(c->indices, i, n); /* all have stood there */
		c->cycles[i] = n - i;
	}
	return -1;
}

static PyObject *permutations_next(PyObject *o)
{
	return combo_next(o, permutations_advance, false);
}

static PyObject *permutations_reduce(PyObject *o, PyObject *unused)
{
	ComboObject *c = C(o);

	if (!c->result || c->is_done)
		return _PyIter_Reduce(o, combo_args(c));
	return _PyIter_ReduceWith(o, combo_args(c),
				  _PyTuple_OF(tuple_of_indices(c->indices, SIZE(c)),
					      tuple_of_indices(c->cycles, c->r)));
}

static PyObject *permutations_setstate(PyObject *o, PyObject *state)
{
	ComboObject *c = C(o);
	PyObject *indices, *cycles;
	Py_ssize_t n = c->pool ? SIZE(c) : 0;

	if (!PyTuple_Check(state))
		return PyErr_Format(PyExc_TypeError, "state is not a tuple");
	if (!PyArg_UnpackTuple(state, "function", 2, 2, &indices, &cycles))
		return NULL;
	if (!is_tuple_of(indices, n) || !is_tuple_of(cycles, c->r))
		return PyErr_Format(PyExc_ValueError, "invalid arguments");
	if (!c->indices || !c->pool)
		Py_RETURN_NONE;
	for (Py_ssize_t i = 0; i < n; i++)
		if (!state_item(indices, i, 0, n - 1, &c->indices[i]))
			return NULL;
	for (Py_ssize_t i = 0; i < c->r; i++)
		if (!state_item(cycles, i, 1, n - i, &c->cycles[i]))
			return NULL;
	return combo_resume(c, false);
}

COMBO_TYPE(_PyPermutations_Type, permutations, permutations_reduce, permutations_setstate,
	   "permutations(iterable, r=None) --> the tuples of r items, in every order")
