/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <errno.h>

static void setting_normalises(void **state)
{
	PyObject *pair = Py_None, *exc;

	PyErr_SetString(PyExc_ValueError, "text");
	assert_ptr_equal(PyErr_Occurred(), PyExc_ValueError);
	assert_true(PyErr_ExceptionMatches(PyExc_Exception));
	assert_false(PyErr_ExceptionMatches(PyExc_TypeError));
	assert_raised(PyExc_ValueError, "text");
	pair = PyTuple_Pack(2, Py_True, Py_False);
	PyErr_SetObject(PyExc_KeyError, pair);
	Py_DECREF(pair);
	assert_raised(PyExc_KeyError, "(True, False)");
	PyErr_Format(PyExc_TypeError, "%s %d %zd %R", "a", 1, (Py_ssize_t)2, Py_None);
	assert_raised(PyExc_TypeError, "a 1 2 None");
	/* An instance is raised as it is. */
	exc = PyObject_CallNoArgs(PyExc_KeyError);
	PyErr_SetObject(PyExc_LookupError, exc);
	assert_ptr_equal(PyThreadState_Get()->current_exception, exc);
	PyErr_Clear();
	assert_int_equal(Py_REFCNT(exc), 1);
	Py_DECREF(exc);
}

static void context_is_the_handled_one(void **state)
{
	_PyErr_StackItem *item = PyThreadState_Get()->exc_info;
	PyObject *handled = PyObject_CallNoArgs(PyExc_KeyError), *exc;

	item->exc_value = Py_NewRef(handled);
	PyErr_SetString(PyExc_ValueError, "second");
	exc = PyErr_GetRaisedException();
	assert_ptr_equal(((PyBaseExceptionObject *)exc)->context, handled);
	/* Raising the context again must not make a ring. */
	Py_SETREF(item->exc_value, Py_NewRef(exc));
	PyErr_SetObject(PyExc_KeyError, handled);
	assert_ptr_equal(((PyBaseExceptionObject *)handled)->context, exc);
	assert_null(((PyBaseExceptionObject *)exc)->context);
	PyErr_Clear();
	Py_CLEAR(item->exc_value);
	Py_CLEAR(((PyBaseExceptionObject *)handled)->context);
	Py_DECREF(handled);
	Py_DECREF(exc);
}

static void errno_chooses_the_class(void **state)
{
	errno = ENOENT;
	assert_null(PyErr_SetFromErrnoWithFilename(PyExc_OSError, "/no/such"));
	assert_raised(PyExc_FileNotFoundError, "[Errno 2] No such file or directory: '/no/such'");
	errno = EPIPE;
	assert_null(PyErr_SetFromErrno(PyExc_OSError));
	assert_raised(PyExc_BrokenPipeError, "[Errno 32] Broken pipe");
}

static void memory_error_needs_no_memory(void **state)
{
	assert_null(PyErr_NoMemory());
	assert_raised(PyExc_MemoryError, "");
}

static void exceptions_are_chained(void **state)
{
	PyObject *first, *second;

	PyErr_SetString(PyExc_KeyError, "first");
	first = PyErr_GetRaisedException();
	PyErr_SetString(PyExc_ValueError, "second");
	_PyErr_ChainExceptions1(Py_NewRef(first));
	second = PyErr_GetRaisedException();
	assert_ptr_equal(((PyBaseExceptionObject *)second)->context, first);
	Py_DECREF(first);
	Py_DECREF(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_normalises),
		cmocka_unit_test(context_is_the_handled_one),
		cmocka_unit_test(errno_chooses_the_class),
		cmocka_unit_test(memory_error_needs_no_memory),
		cmocka_unit_test(exceptions_are_chained),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
