/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How deep calls may nest: by count, as sys.setrecursionlimit says, and by the real stack pointer,
 * so that no limit a program sets can end in SIGSEGV.
 */
#include "core/errors.h"
#include "core/object.h"
#include "core/state.h"

/* Extra levels, and bytes below c_stack_limit, while an error is being made or handled. */
#define HEADROOM_CALLS 50
#define HEADROOM_BYTES (PY_STACK_RESERVE / 2)

/* Takes back the level that was entered, unless there is headroom left: 0, or -1. */
Py_NOINLINE int _Py_RecursionTooDeep(PyThreadState *ts, const char *where)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

	if (ts->recursion_headroom &&
	    ts->recursion_depth <= ts->interp->recursion_limit + HEADROOM_CALLS &&
	    sp >= ts->c_stack_limit - HEADROOM_BYTES)
		return 0;
	ts->recursion_depth--;
	if (ts->recursion_headroom) {
		/* Making the error has itself run out of room. */
		PyErr_NoMemory();
		return -1;
	}
	ts->recursion_headroom++;
	PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
	ts->recursion_headroom--;
	return -1;
}

Py_NOINLINE int _Py_StackUsedUp(PyThreadState *ts)
{
	ts->recursion_depth++;
	if (_Py_RecursionTooDeep(ts, "") < 0)
		return -1;
	ts->recursion_depth--; /* there is headroom left: an error is being handled */
	return 0;
}

int Py_EnterRecursiveCall(const char *where)
{
	return _Py_EnterRecursive(PyThreadState_Get(), where);
}

void Py_LeaveRecursiveCall(void)
{
	_Py_LeaveRecursive(PyThreadState_Get());
}
