/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "objects/set.h"

static void random_changes_are_kept(void **state)
{
	enum { KEYS = 400 };
	bool in[KEYS] = {false};
	PyObject *s = PySet_New(NULL);
	uint64_t seed = 5;
	Py_ssize_t count = 0;

	for (int i = 0; i < 30000; i++) {
		long k;
		PyObject *key;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		k = (long)((seed >> 33) % KEYS);
		key = PyLong_FromLong(k * 64); /* many share their low bits */
		if (seed >> 63)
			assert_int_equal(PySet_Add(s, key), 0);
		else
			assert_int_equal(PySet_Discard(s, key), in[k]);
		in[k] = seed >> 63;
		Py_DECREF(key);
	}
	for (long k = 0; k < KEYS; k++) {
		PyObject *key = PyLong_FromLong(k * 64);

		assert_int_equal(PySet_Contains(s, key), in[k]);
		count += in[k];
		Py_DECREF(key);
	}
	assert_int_equal(PySet_Size(s), count);
	Py_DECREF(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes_are_kept),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
