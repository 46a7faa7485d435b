/* SPDX-License-Identifier: BSD-2-Clause */
/* Source is compiled and run, with limits: nothing but results and exceptions. */
#include "interp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static PyObject *filename;
	PyCodeObject *code;

	if (!filename) {
		fuzz_start();
		filename = PyUnicode_FromString("fuzz.py");
	}
	code = PyCompile_Source((const char *)data, (Py_ssize_t)size, filename, PY_MODE_EXEC, 0);
	PyErr_Clear();
	if (code)
		fuzz_run(code);
	Py_XDECREF(code);
	return 0;
}
