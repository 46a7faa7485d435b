/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/descr.h"
#include "objects/method.h"

static PyObject *seven(PyObject *self, PyObject *unused)
{
	return PyLong_FromLong(7);
}
static PyMethodDef seven_def = {"seven", seven, METH_NOARGS, NULL};

static PyObject *func(void)
{
	PyObject *f = PyCFunction_New(&seven_def, NULL);

	assert_non_null(f);
	return f;
}

static PyTypeObject *T(PyObject *o)
{
	return (PyTypeObject *)o;
}

static void every_change_gives_another_version(void **state)
{
	PyObject *a = new_class("A", (PyObject *)&PyBaseObject_Type), *b = new_class("B", a);
	PyObject *name = PyUnicode_InternFromString("attr"), *one = PyLong_FromLong(1);
	uint64_t va = _PyType_VersionTag(T(a)), vb = _PyType_VersionTag(T(b));

	assert_true(va && vb && va != vb);
	assert_int_equal(_PyType_VersionTag(T(a)), va);
	assert_null(_PyType_Lookup(T(b), name));
	assert_int_equal(PyObject_SetAttr(a, name, one), 0);
	assert_ptr_equal(_PyType_Lookup(T(b), name), one);
	assert_ptr_equal(_PyType_Lookup(T(b), name), one);
	assert_true(_PyType_VersionTag(T(a)) > vb);
	assert_true(_PyType_VersionTag(T(b)) > vb);
	vb = _PyType_VersionTag(T(b));
	assert_int_equal(PyObject_SetAttr(b, name, Py_None), 0);
	assert_ptr_equal(_PyType_Lookup(T(b), name), Py_None);
	assert_ptr_equal(_PyType_Lookup(T(a), name), one);
	assert_int_equal(PyObject_DelAttr(b, name), 0);
	assert_ptr_equal(_PyType_Lookup(T(b), name), one);
	Py_DECREF(name);
	Py_DECREF(one);
}

static void slots_follow_methods(void **state)
{
	PyObject *a = new_class("A", (PyObject *)&PyBaseObject_Type), *b = new_class("B", a);
	PyObject *f = func(), *o = PyObject_CallNoArgs(b);

	assert_null(T(b)->mp_length);
	assert_int_equal(PyObject_Size(o), -1);
	assert_raised(PyExc_TypeError, "object of type 'B' has no len()");
	assert_int_equal(PyObject_SetAttr(a, _Py_ID(__len__), f), 0);
	assert_int_equal(PyObject_Size(o), 7);
	assert_int_equal(PyObject_IsTrue(o), 1);
	assert_int_equal(PyObject_DelAttr(a, _Py_ID(__len__)), 0);
	assert_null(T(b)->mp_length);
	/* A class keeps its C base's slots as long as it does not say otherwise. */
	Py_DECREF(o);
	o = new_class("I", (PyObject *)&PyLong_Type);
	assert_ptr_equal(T(o)->nb_add, PyLong_Type.nb_add);
	assert_ptr_equal(T(o)->tp_hash, PyLong_Type.tp_hash);
	assert_int_equal(PyObject_SetAttr(o, _Py_ID(__add__), f), 0);
	assert_ptr_not_equal(T(o)->nb_add, PyLong_Type.nb_add);
	assert_ptr_equal(T(o)->nb_subtract, PyLong_Type.nb_subtract);
	Py_DECREF(f);
}

static void static_types_are_immutable(void **state)
{
	PyObject *name = PyUnicode_InternFromString("x");

	assert_int_equal(PyObject_SetAttr((PyObject *)&PyLong_Type, name, Py_None), -1);
	assert_raised(PyExc_TypeError, "cannot set 'x' attribute of immutable type 'int'");
	Py_DECREF(name);
}

static void subclasses_come_and_go(void **state)
{
	PyObject *a = new_class("A", (PyObject *)&PyBaseObject_Type), *b = new_class("B", a);
	PyObject *name = PyUnicode_InternFromString("__subclasses__");

	assert_repr(PyObject_CallMethodNoArgs(a, name), "[<class '__main__.B'>]");
	assert_int_equal(PyType_IsSubtype(T(b), T(a)), 1);
	assert_int_equal(PyType_IsSubtype(T(a), T(b)), 0);
	assert_int_equal(PyObject_IsSubclass(b, (PyObject *)&PyBaseObject_Type), 1);
	Py_DECREF(name);
}

static void instances_release_what_they_hold(void **state)
{
	PyObject *cls = new_class("A", (PyObject *)&PyBaseObject_Type);
	PyObject *name = PyUnicode_InternFromString("x"), *value = PyList_New(0);
	PyObject *o = PyObject_CallNoArgs(cls);

	assert_null(*_PyObject_GetDictPtr(o));
	assert_int_equal(PyObject_SetAttr(o, name, value), 0);
	assert_int_equal(Py_REFCNT(value), 2);
	assert_repr(PyObject_GetAttr(o, name), "[]");
	assert_null(PyObject_GetAttr(o, _Py_ID(self)));
	assert_raised(PyExc_AttributeError, "'A' object has no attribute 'self'");
	Py_DECREF(o);
	assert_int_equal(Py_REFCNT(value), 1);
	Py_DECREF(value);
	Py_DECREF(name);
}

/* Instances of variable size keep their dict before the object. */
static void variable_size_instances_have_dicts(void **state)
{
	PyObject *const bases[] = {(PyObject *)&PyLong_Type, (PyObject *)&PyUnicode_Type,
				   (PyObject *)&PyTuple_Type};
	PyObject *name = PyUnicode_InternFromString("x");

	for (int i = 0; i < 3; i++) {
		PyObject *cls = new_class("V", bases[i]), *o = PyObject_CallNoArgs(cls);

		assert_non_null(o);
		assert_true(T(cls)->tp_dictoffset < 0);
		assert_int_equal(PyObject_SetAttr(o, name, Py_None), 0);
		assert_repr(PyObject_GetAttr(o, name), "None");
		assert_int_equal(PyObject_IsTrue(o), 0);
		Py_DECREF(o);
	}
	Py_DECREF(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_gives_another_version),
		cmocka_unit_test(slots_follow_methods),
		cmocka_unit_test(static_types_are_immutable),
		cmocka_unit_test(subclasses_come_and_go),
		cmocka_unit_test(instances_release_what_they_hold),
		cmocka_unit_test(variable_size_instances_have_dicts),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
