/* SPDX-License-Identifier: BSD-2-Clause */
/* Bringing the interpreter up. */
#include "lib/lib.h"

#include "core/errors.h"
#include "lib/io.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/objects.h"
#include "objects/type.h"
#include "objects/warn.h"
#include "vm/call.h"

static int init_modules(void)
{
	PyInterpreterState *interp = PyThreadState_Get()->interp;
	PyObject *builtins;
	PyObject *sys;

	interp->modules = PyDict_New();
	if (!interp->modules)
		return -1;
	builtins = _PyBuiltins_Init();
	if (!builtins)
		return -1;
	interp->builtins = Py_NewRef(PyModule_GetDict(builtins));
	sys = _PySys_Init();
	int status = sys && PyDict_SetItemString(interp->modules, "builtins", builtins) == 0 &&
				     PyDict_SetItemString(interp->modules, "sys", sys) == 0
			     ? 0
			     : -1;

	Py_DECREF(builtins);
	Py_XDECREF(sys);
	return status;
}

int PyInterp_Init(uintptr_t stack_lo)
{
	if (_PyRuntime_Init() < 0)
		return -1;
	PyThreadState_Get()->c_stack_limit = stack_lo + PY_STACK_RESERVE;
	if (_PyObjects_Init() == 0 && _PyVM_Init() == 0 && _PyIO_Start() == 0 &&
	    init_modules() == 0) {
		_PyErr_display_hook = PyErr_DisplayException;
		_PyModule_import_hook = PyImport_ImportModule;
		_PySignals_Init();
		return 0;
	}
	fprintf(stderr, "minipy: cannot start: %s\n",
		PyErr_Occurred() ? ((PyTypeObject *)PyErr_Occurred())->tp_name : "no memory");
	return -1;
}
