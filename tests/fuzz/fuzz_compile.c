/* SPDX-License-Identifier: BSD-2-Clause */
/* Source bytes to code object: an error or a code object, nothing else. First byte: the mode. */
#include "compiler/compiler.h"
#include "core/errors.h"
#include "core/state.h"
#include "objects/objects.h"
#include "objects/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static PyObject *start(void)
{
	if (_PyRuntime_Init() < 0 || _PyObjects_Init() < 0)
		abort();
	PyThreadState_Get()->c_stack_limit =
		(uintptr_t)__builtin_frame_address(0) - ((uintptr_t)4 << 20);
	return PyUnicode_FromString("fuzz.py");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static PyObject *filename;
	PyCodeObject *code;

	if (!filename)
		filename = start();
	if (size < 1)
		return 0;
	code = PyCompile_Source((const char *)data + 1, (Py_ssize_t)size - 1, filename, data[0] % 3,
				0);
	if (!code == !PyErr_Occurred())
		abort();
	PyErr_Clear();
	Py_XDECREF(code);
	return 0;
}
