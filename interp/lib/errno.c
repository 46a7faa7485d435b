/* SPDX-License-Identifier: BSD-2-Clause */
/* The errno module: the names of <errno.h>; errorcode maps numbers to the first name of each. */
#include "core/errors.h"
#include "lib/lib.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/unicode.h"

#include <errno.h>

static int add(PyObject *module, PyObject *codes, const char *name, int number)
{
	PyObject *key = PyLong_FromLong(number), *value = PyUnicode_InternFromString(name);
	int status = -1;

	if (key && value && PyModule_AddObjectRef(module, name, key) == 0)
		status = PyDict_Contains(codes, key) ? 0 : PyDict_SetItem(codes, key, value);
	Py_XDECREF(key);
	Py_XDECREF(value);
	return status;
}

PyObject *_PyErrno_Init(void)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {
#define E(name) {#name, name},
#include "lib/errno.def"
#undef E
	};
	PyObject *module = PyModule_New("errno"), *codes = module ? PyDict_New() : NULL;

	if (!codes || PyModule_AddObjectRef(module, "errorcode", codes) < 0)
		Py_CLEAR(module);
	for (size_t i = 0; module && i < sizeof(errors) / sizeof(*errors); i++)
		if (add(module, codes, errors[i].name, errors[i].number) < 0)
			Py_CLEAR(module);
	Py_XDECREF(codes);
	return module;
}
