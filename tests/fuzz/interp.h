/* SPDX-License-Identifier: BSD-2-Clause */
/* minipy in a fuzzer: no files, no modules, an end after a while. */
#ifndef TESTS_FUZZ_INTERP_H
#define TESTS_FUZZ_INTERP_H

#include "compiler/compiler.h"
#include "core/errors.h"
#include "core/gc.h"
#include "core/state.h"
#include "lib/lib.h"
#include "objects/abstract.h"
#include "objects/dict.h"
#include "objects/unicode.h"
#include "vm/call.h"

#include <signal.h>
#include <sys/time.h>

#define FUZZ_STACK   ((uintptr_t)4 << 20)
#define FUZZ_TIME_US 300000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Large blocks are refused, as they are where memory is short. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=64:detect_leaks=0";
}

static void fuzz_on_alarm(int signo)
{
	PyErr_SetInterrupt();
}

/* All of minipy, without what reaches beyond the process. */
static inline void fuzz_start(void)
{
	static const char *const out_of_reach[] = {"open", "input", "__import__", "breakpoint",
						   "print"};
	PyObject *builtins;

	signal(SIGALRM, fuzz_on_alarm);
	if (PyInterp_Init((uintptr_t)__builtin_frame_address(0) - FUZZ_STACK) < 0)
		abort();
	builtins = PyThreadState_Get()->interp->builtins;
	for (size_t i = 0; i < sizeof(out_of_reach) / sizeof(*out_of_reach); i++) {
		PyObject *name = PyUnicode_FromString(out_of_reach[i]);

		if (!name || (PyDict_DelItem(builtins, name) < 0))
			PyErr_Clear();
		Py_XDECREF(name);
	}
	/* What each run's collection looks at is then only what the run has made. */
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	_PyGC_Freeze();
}

static inline void fuzz_set_timer(long us)
{
	const struct itimerval timer = {.it_interval.tv_usec = us ? 10000 : 0,
					.it_value.tv_usec = us};

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Runs a module's code to its end or for a while, in a namespace of its own. */
static inline void fuzz_run(PyCodeObject *code)
{
	PyObject *globals = PyDict_New(), *result = NULL;
	PyObject *builtins = PyDict_Copy(PyThreadState_Get()->interp->builtins);

	fuzz_set_timer(FUZZ_TIME_US);
	if (globals && builtins && PyDict_SetItemString(globals, "__builtins__", builtins) == 0)
		result = PyEval_EvalCode((PyObject *)code, globals, globals);
	PyErr_Clear();
	Py_XDECREF(result);
	Py_XDECREF(builtins);
	Py_XDECREF(globals);
	_PyGC_Collect(PY_GC_GENERATIONS - 1);
	fuzz_set_timer(0);
	while (PyErr_CheckSignals() < 0)
		PyErr_Clear();
}

#endif
