/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static PyObject *name(const char *text)
{
	PyObject *o = PyUnicode_InternFromString(text);

	PyObject_Hash(o);
	return o;
}

/* Against an array: values by key, 0 = not there. */
static void random_changes_are_kept(void **state)
{
	enum { KEYS = 500 };
	long values[KEYS] = {0};
	uint64_t seed = 3;

	for (int strs = 0; strs < 2; strs++) {
		PyObject *d = PyDict_New();

		memset(values, 0, sizeof(values));
		for (long i = 1; i < 30000; i++) {
			long k;
			PyObject *key, *value = PyLong_FromLong(i);

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			k = (long)((seed >> 33) % KEYS);
			key = strs ? PyUnicode_FromFormat("%ld", k) : PyLong_FromLong(k * 8191);
			if (seed >> 62 == 0) {
				assert_int_equal(PyDict_Contains(d, key), values[k] != 0);
				if (values[k])
					assert_int_equal(PyDict_DelItem(d, key), 0);
				values[k] = 0;
			} else {
				assert_int_equal(PyDict_SetItem(d, key, value), 0);
				values[k] = i;
			}
			Py_DECREF(key);
			Py_DECREF(value);
		}
		for (long k = 0; k < KEYS; k++) {
			PyObject *key =
				strs ? PyUnicode_FromFormat("%ld", k) : PyLong_FromLong(k * 8191);
			PyObject *value = PyDict_GetItemWithError(d, key);

			assert_int_equal(value ? PyLong_AsLong(value) : 0, values[k]);
			Py_DECREF(key);
		}
		Py_DECREF(d);
	}
}

static void hints_hold_as_long_as_the_key_stands(void **state)
{
	PyObject *d = PyDict_New(), *a = name("a"), *b = name("b"), *five = PyLong_FromLong(5);
	Py_ssize_t hint;
	uint32_t keys_version;
	uint64_t version;

	assert_int_equal(PyDict_SetItem(d, a, Py_None), 0);
	assert_int_equal(PyDict_SetItem(d, b, Py_None), 0);
	hint = _PyDict_LookupHint(d, b);
	assert_int_equal(hint, 1);
	assert_int_equal(_PyDict_LookupHint(d, _Py_ID(__init__)), -1);
	keys_version = _PyDictKeys_GetVersion(((PyDictObject *)d)->ma_keys);
	version = ((PyDictObject *)d)->ma_version;
	assert_true(_PyDict_SetByHint(d, b, hint, five));
	assert_ptr_equal(_PyDict_GetByHint(d, b, hint), five);
	assert_int_equal(((PyDictObject *)d)->ma_keys->dk_version, keys_version);
	assert_true(((PyDictObject *)d)->ma_version != version);
	assert_null(_PyDict_GetByHint(d, a, hint));
	assert_null(_PyDict_GetByHint(d, a, 100));
	assert_int_equal(PyDict_DelItem(d, b), 0);
	assert_null(_PyDict_GetByHint(d, b, hint));
	assert_true(((PyDictObject *)d)->ma_keys->dk_version != keys_version);
	/* A key that is no str: the entries change their form, hints say so. */
	assert_int_equal(PyDict_SetItem(d, five, five), 0);
	assert_null(_PyDict_GetByHint(d, a, 0));
	assert_ptr_equal(_PyDict_GetItemStr(d, a), Py_None);
	Py_DECREF(d);
	Py_DECREF(a);
	Py_DECREF(b);
	Py_DECREF(five);
}

static void unhashable_keys_are_refused(void **state)
{
	PyObject *d = PyDict_New(), *list = PyList_New(0);

	assert_int_equal(PyDict_SetItem(d, list, Py_None), -1);
	assert_raised(PyExc_TypeError, "unhashable type: 'list'");
	assert_null(PyDict_GetItem(d, list));
	assert_null(PyErr_Occurred());
	assert_null(_PyDict_Pop(d, Py_None, NULL));
	assert_raised(PyExc_KeyError, "None");
	Py_DECREF(d);
	Py_DECREF(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes_are_kept),
		cmocka_unit_test(hints_hold_as_long_as_the_key_stands),
		cmocka_unit_test(unhashable_keys_are_refused),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
