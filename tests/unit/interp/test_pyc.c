/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache files: written whole, found again, refused when anything about them is wrong. */
#include "world.h"

#include "compiler/compiler.h"
#include "compiler/pyc.h"

#include <unistd.h>

static const char text[] = "x = 1\n";
static char folder[] = "/tmp/minipy-pyc-XXXXXX";
static char source_path[64], *cache_path;
static struct pyc_source source;
static PyObject *filename;

static int setup(void **state)
{
	if (world_setup(state) < 0 || !mkdtemp(folder))
		return -1;
	snprintf(source_path, sizeof(source_path), "%s/mod.py", folder);
	cache_path = pyc_path(source_path);
	filename = PyUnicode_FromString(source_path);
	FILE *f = fopen(source_path, "w");

	fputs(text, f);
	fclose(f);
	source = (struct pyc_source){.path = source_path, .text = text, .length = strlen(text)};
	return stat(source_path, &source.st);
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	PyMem_Free(cache_path);
	Py_DECREF(filename);
	return system(command);
}

static void store(void)
{
	PyCodeObject *code =
		PyCompile_Source(text, (Py_ssize_t)strlen(text), filename, PY_MODE_EXEC, 0);

	assert_non_null(code);
	pyc_store(&source, code);
	Py_DECREF(code);
	assert_int_equal(access(cache_path, R_OK), 0);
}

static bool loads(struct pyc_source s)
{
	PyCodeObject *code = pyc_load(&s, filename);
	bool ok = code != NULL;

	assert_null(PyErr_Occurred());
	Py_XDECREF(code);
	return ok;
}

static void names_have_the_tag(void **state)
{
	char *path = pyc_path("a.py");

	assert_string_equal(path, "__pycache__/a." PYC_TAG ".pyc");
	PyMem_Free(path);
	path = pyc_path("/x/y/__init__.py");
	assert_string_equal(path, "/x/y/__pycache__/__init__." PYC_TAG ".pyc");
	PyMem_Free(path);
	assert_null(pyc_path("a"));
	assert_null(pyc_path(".py"));
}

static void sources_are_told_apart(void **state)
{
	struct pyc_source unread = source, other = source;

	unread.text = NULL;
	assert_false(loads(source));
	store();
	assert_true(loads(source));
	assert_true(loads(unread));
	unread.st.st_mtim.tv_nsec ^= 1; /* touched: only its text can tell */
	assert_false(loads(unread));
	unread.text = text;
	assert_true(loads(unread));
	other.text = "x = 2\n";
	assert_false(loads(other));
	other = source;
	other.text = NULL;
	other.st.st_size++;
	assert_false(loads(other));
}

/* A changed byte anywhere, in the header too, and a file cut off anywhere. */
static void faults_are_as_if_it_were_not_there(void **state)
{
	unsigned char bytes[4096], changed[4096];
	FILE *f;
	size_t n;

	store();
	f = fopen(cache_path, "r");
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	assert_in_range(n, 100, sizeof(bytes) - 1);
	for (size_t i = 0; i < n; i++) {
		PyCodeObject *code;

		memcpy(changed, bytes, n);
		changed[i] ^= 0x10;
		code = pyc_parse(changed, n, &source, filename);
		/* The time is not asked for when the text is there. */
		assert_true(!code || (i >= 24 && i < 32));
		Py_XDECREF(code);
		assert_null(pyc_parse(bytes, i, &source, filename));
	}
	bytes[n] = 0;
	assert_null(pyc_parse(bytes, n + 1, &source, filename));
}

static void nothing_is_left_when_it_cannot_be_written(void **state)
{
	char command[160];

	unlink(cache_path);
	assert_int_equal(mkdir(cache_path, 0777), 0); /* rename cannot replace it */
	PyCodeObject *code =
		PyCompile_Source(text, (Py_ssize_t)strlen(text), filename, PY_MODE_EXEC, 0);

	pyc_store(&source, code);
	Py_DECREF(code);
	assert_false(loads(source));
	snprintf(command, sizeof(command), "test $(ls %s/__pycache__ | wc -l) = 1", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(rmdir(cache_path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_have_the_tag),
		cmocka_unit_test(sources_are_told_apart),
		cmocka_unit_test(faults_are_as_if_it_were_not_there),
		cmocka_unit_test(nothing_is_left_when_it_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
