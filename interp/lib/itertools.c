/* SPDX-License-Identifier: BSD-2-Clause */
/* The itertools module. */
#include "lib/itertools.h"

#include "lib/lib.h"
#include "objects/dict.h"
#include "objects/module.h"

/* -- What the types share ---------------------------------------------------------------------- */
struct referrer {
	PyObject_HEAD PyObject *refs[];
};
#define REFS(o) (((struct referrer *)(o))->refs)

void _PyRefs_Dealloc(PyObject *o, size_t n)
{
	PyObject_GC_UnTrack(o);
	Py_TRASHCAN_BEGIN(o) for (size_t i = 0; i < n; i++) Py_XDECREF(REFS(o)[i]);
	Py_TYPE(o)->tp_free(o);
	Py_TRASHCAN_END
}

int _PyRefs_Traverse(PyObject *o, size_t n, visitproc visit, void *arg)
{
	for (size_t i = 0; i < n; i++)
		Py_VISIT(REFS(o)[i]);
	return 0;
}

int _PyRefs_Clear(PyObject *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		Py_CLEAR(REFS(o)[i]);
	return 0;
}

Py_ssize_t _PyIter_Count(PyObject *o)
{
	PyObject *n = PyNumber_Index(o);
	Py_ssize_t count = n ? PyLong_AsSsize_t(n) : -1;

	Py_XDECREF(n);
	return count;
}

PyObject *_PyIter_Reduce(PyObject *o, PyObject *args)
{
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), args);
}

PyObject *_PyIter_ReduceWith(PyObject *o, PyObject *args, PyObject *state)
{
	return _PyTuple_OF(Py_NewRef(Py_TYPE(o)), args, state);
}

/* -- The module -------------------------------------------------------------------------------- */
static PyMethodDef itertools_methods[] = {
	{"tee", (PyCFunction)(void (*)(void))_PyTee_Make, METH_FASTCALL,
	 "Returns a tuple of n independent iterators."},
	{0},
};

static PyTypeObject *const types[] = {
	&_PyAccumulate_Type,   &_PyChain_Type,      &_PyCombinations_Type, &_PyCombinationsWR_Type,
	&_PyCompress_Type,     &_PyCount_Type,      &_PyCycle_Type,        &_PyDropWhile_Type,
	&_PyFilterFalse_Type,  &_PyGroupBy_Type,    &_PyISlice_Type,       &_PyPairwise_Type,
	&_PyPermutations_Type, &_PyProduct_Type,    &_PyRepeat_Type,       &_PyStarMap_Type,
	&_PyTakeWhile_Type,    &_PyZipLongest_Type, &_PyGrouper_Type,      &_PyTee_Type,
	&_PyTeeData_Type,
};

PyObject *_PyItertools_Init(void)
{
	PyObject *module = PyModule_New("itertools");

	if (module && PyModule_AddFunctions(module, itertools_methods) < 0)
		Py_CLEAR(module);
	for (size_t i = 0; module && i < sizeof(types) / sizeof(*types); i++)
		if (PyModule_AddType(module, types[i]) < 0)
			Py_CLEAR(module);
	return module;
}
