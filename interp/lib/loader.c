/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/loader.h"

#include "compiler/compiler.h"
#include "compiler/pyc.h"
#include "core/errors.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <limits.h>
#include <sys/stat.h>

static bool is_kind(const char *path, mode_t kind)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

void loader_release(struct module_file *file)
{
	PyMem_RawFree(file->path);
	Py_CLEAR(file->packages);
	file->path = NULL;
}

static int add_folder(struct module_file *ret, const char *folder)
{
	PyObject *o = PyUnicode_DecodeFSDefault(folder);
	int status;

	if (!ret->packages)
		ret->packages = PyList_New(0);
	status = o && ret->packages ? PyList_Append(ret->packages, o) : -1;
	Py_XDECREF(o);
	return status;
}

static int found_file(struct module_file *ret, const char *file)
{
	ret->path = strdup(file);
	if (ret->path)
		return 1;
	PyErr_NoMemory();
	return -1;
}

/* One folder of the path: 1 a module, 0 none, -1. A folder of the name alone is remembered. */
static int find_in(const char *folder, const char *name, struct module_file *ret)
{
	char base[PATH_MAX], file[PATH_MAX + 16];
	int n = snprintf(base, sizeof(base), "%s/%s", *folder ? folder : ".", name);

	if (n < 0 || (size_t)n >= sizeof(base))
		return 0;
	snprintf(file, sizeof(file), "%s/__init__.py", base);
	if (is_kind(file, S_IFREG)) {
		Py_CLEAR(ret->packages);
		return add_folder(ret, base) < 0 ? -1 : found_file(ret, file);
	}
	snprintf(file, sizeof(file), "%s.py", base);
	if (is_kind(file, S_IFREG)) {
		Py_CLEAR(ret->packages);
		return found_file(ret, file);
	}
	return is_kind(base, S_IFDIR) ? add_folder(ret, base) : 0;
}

/* Names are bytes of a path here: no other folder can be meant. */
static bool is_plain_name(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int loader_find(PyObject *name, PyObject *path, struct module_file *ret)
{
	const char *text;
	Py_ssize_t n;
	PyObject *folders;
	int status = 0;

	*ret = (struct module_file){0};
	text = PyUnicode_AsUTF8AndSize(name, &n);
	if (!text)
		return -1;
	if (strlen(text) != (size_t)n || !is_plain_name(text))
		return 0;
	folders = PySequence_Tuple(path);
	if (!folders)
		return -1;
	for (Py_ssize_t i = 0; status == 0 && i < PyTuple_GET_SIZE(folders); i++) {
		PyObject *folder = PyTuple_GET_ITEM(folders, i), *raw;

		if (!PyUnicode_Check(folder))
			continue;
		raw = PyUnicode_EncodeFSDefault(folder);
		status = raw ? find_in(PyBytes_AS_STRING(raw), text, ret) : -1;
		Py_XDECREF(raw);
	}
	Py_DECREF(folders);
	if (status < 0)
		loader_release(ret);
	return status == 0 && ret->packages ? 1 : status;
}

static bool may_write(void)
{
	PyObject *dont = PySys_GetObject("dont_write_bytecode");
	int truth = dont ? PyObject_IsTrue(dont) : 1;

	if (truth < 0)
		PyErr_Clear();
	return truth == 0;
}

PyObject *loader_code(const char *path, PyObject *filename)
{
	struct pyc_source source = {.path = path};
	PyCodeObject *code = NULL;
	Py_ssize_t n;
	char *text;

	if (stat(path, &source.st) < 0)
		return PyErr_SetFromErrnoWithFilename(PyExc_OSError, path);
	code = pyc_load(&source, filename);
	if (code)
		return (PyObject *)code;
	text = _PyFile_ReadAll(path, &n);
	if (!text)
		return NULL;
	source.text = text;
	source.length = (size_t)n;
	code = pyc_load(&source, filename);
	if (!code) {
		code = PyCompile_Source(text, n, filename, PY_MODE_EXEC, 0);
		if (code && may_write())
			pyc_store(&source, code);
	}
	PyMem_Free(text);
	return (PyObject *)code;
}
