/* SPDX-License-Identifier: BSD-2-Clause */
/* The _io module: the classes by name; io.py makes the public module of them. */
#include "lib/io.h"

#include "core/errors.h"
#include "lib/lib.h"
#include "objects/dict.h"
#include "objects/module.h"

static const struct {
	const char *name;
	PyTypeObject *type;
} types[] = {
	{"_IOBase", &_PyIOBase_Type},
	{"_RawIOBase", &_PyRawIOBase_Type},
	{"_BufferedIOBase", &_PyBufferedIOBase_Type},
	{"_TextIOBase", &_PyTextIOBase_Type},
	{"FileIO", &_PyFileIO_Type},
	{"BufferedReader", &_PyBufferedReader_Type},
	{"BufferedWriter", &_PyBufferedWriter_Type},
	{"BufferedRandom", &_PyBufferedRandom_Type},
	{"BytesIO", &_PyBytesIO_Type},
	{"TextIOWrapper", &_PyTextIOWrapper_Type},
	{"StringIO", &_PyStringIO_Type},
};

PyObject *_PyIOModule_Init(void)
{
	PyObject *module = PyModule_New("_io");
	PyObject *open = PyDict_GetItemString(PyThreadState_Get()->interp->builtins, "open");
	int status = module && open ? PyModule_AddObjectRef(module, "open", open) : -1;

	for (size_t i = 0; status == 0 && i < sizeof(types) / sizeof(*types); i++)
		status = PyModule_AddObjectRef(module, types[i].name, (PyObject *)types[i].type);
	if (status == 0)
		status = PyModule_AddObjectRef(module, "UnsupportedOperation",
					       _PyIO_UnsupportedOperation);
	if (status < 0)
		Py_CLEAR(module);
	return module;
}
