/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the cache's loader lets pass can be run. First byte, modulo 64: the number of changes, three
 * bytes each (place, value); then a source, whose compiled form is changed so.
 */
#include "interp.h"

#include "compiler/marshal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static PyObject *filename;
	struct marshal_bytes bytes = {0};
	PyCodeObject *code;
	size_t changes;

	if (!filename) {
		fuzz_start();
		filename = PyUnicode_FromString("fuzz.py");
	}
	if (size < 1 || size < 1 + 3 * (changes = data[0] % 64u))
		return 0;
	code = PyCompile_Source((const char *)data + 1 + 3 * changes,
				(Py_ssize_t)(size - 1 - 3 * changes), filename, PY_MODE_EXEC, 0);
	PyErr_Clear();
	if (code && marshal_write(&bytes, code)) {
		for (size_t i = 0; i < changes; i++) {
			const uint8_t *change = data + 1 + 3 * i;

			bytes.data[(change[0] | (size_t)change[1] << 8) % bytes.n] = change[2];
		}
		Py_SETREF(code, marshal_read(bytes.data, bytes.n, filename));
		if (PyErr_Occurred())
			abort();
		if (code)
			fuzz_run(code);
	}
	PyMem_Free(bytes.data);
	Py_XDECREF(code);
	return 0;
}
