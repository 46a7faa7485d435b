/* SPDX-License-Identifier: BSD-2-Clause */
/* _opcode: the table of instructions, for dis. */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

static const struct {
	const char *name, *argument;
} opcodes[] = {
#define OP(name, argument, pops, pushes, jump) {#name, #argument},
#include "vm/opcodes.def"
#undef OP
};

#define COUNT (sizeof(opcodes) / sizeof(*opcodes))

static PyObject *pair(const char *a, const char *b)
{
	PyObject *parts[] = {PyUnicode_InternFromString(a), PyUnicode_InternFromString(b)};
	PyObject *made = parts[0] && parts[1] ? _PyTuple_FromArray(parts, 2) : NULL;

	Py_XDECREF(parts[0]);
	Py_XDECREF(parts[1]);
	return made;
}

PyObject *_PyOpcode_Init(void)
{
	PyObject *module = PyModule_New("_opcode");
	PyObject *table = module ? PyTuple_New(COUNT) : NULL;

	for (size_t i = 0; table && i < COUNT; i++) {
		PyObject *row = pair(opcodes[i].name, opcodes[i].argument);

		if (row)
			PyTuple_SET_ITEM(table, i, row);
		else
			Py_CLEAR(table);
	}
	if (!table || PyModule_AddObjectRef(module, "table", table) < 0)
		Py_CLEAR(module);
	Py_XDECREF(table);
	return module;
}
