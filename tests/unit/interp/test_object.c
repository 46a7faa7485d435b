/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "core/gc.h"

static void sizes_are_checked(void **state)
{
	assert_null(PyMem_Calloc(SIZE_MAX / 2, 4));
	assert_null(PyMem_Malloc(SIZE_MAX));
	assert_null(_PyObject_GC_NewVar(&PyTuple_Type, PY_SSIZE_T_MAX / 4));
	assert_raised(PyExc_MemoryError, NULL);
	assert_null(_PyObject_NewVar(&PyTuple_Type, -1));
	assert_raised(PyExc_MemoryError, NULL);
}

static Py_ssize_t walk(void)
{
	Py_ssize_t n = 0;

	for (PyGC_Head *g = _PyGC.generations[0].head.next; g != &_PyGC.generations[0].head;
	     g = g->next) {
		assert_ptr_equal(g->next->prev, g);
		n++;
	}
	return n;
}

static void tracked_list_is_walkable(void **state)
{
	Py_ssize_t before = walk();
	PyObject *list = PyList_New(0);

	assert_int_equal(before + 1, _PyGC_tracked);
	assert_true(PyObject_GC_IsTracked(list));
	assert_int_equal(walk(), before + 1);
	PyObject_GC_UnTrack(list);
	PyObject_GC_UnTrack(list);
	assert_false(PyObject_GC_IsTracked(list));
	PyObject_GC_Track(list);
	Py_DECREF(list);
	assert_int_equal(walk(), before);
	assert_false(PyObject_GC_IsTracked((PyObject *)&PyList_Type));
}

static void deep_lists_are_freed(void **state)
{
	PyObject *list = NULL;
	Py_ssize_t before = _PyGC_tracked;

	for (int i = 0; i < 500000; i++) {
		PyObject *outer = PyList_New(0);

		if (list)
			assert_int_equal(_PyList_AppendSteal(outer, list), 0);
		list = outer;
	}
	Py_DECREF(list);
	assert_int_equal(_PyGC_tracked, before);
	assert_null(PyThreadState_Get()->trash_later);
	assert_int_equal(PyThreadState_Get()->trash_depth, 0);
}

/* Instances of a class put off by their base's destructor too must be freed once. */
static void deep_instances_are_freed(void **state)
{
	PyObject *cls = new_class("L", (PyObject *)&PyList_Type), *list = NULL;
	Py_ssize_t count;

	count = Py_REFCNT(cls);
	for (int i = 0; i < 100000; i++) {
		PyObject *outer = PyObject_CallNoArgs(cls);

		assert_non_null(outer);
		if (list)
			assert_int_equal(_PyList_AppendSteal(outer, list), 0);
		list = outer;
	}
	assert_int_equal(Py_REFCNT(cls), count + 100000);
	Py_DECREF(list);
	assert_int_equal(Py_REFCNT(cls), count);
	Py_DECREF(cls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_checked),
		cmocka_unit_test(tracked_list_is_walkable),
		cmocka_unit_test(deep_lists_are_freed),
		cmocka_unit_test(deep_instances_are_freed),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
