/* SPDX-License-Identifier: BSD-2-Clause */
/* How a program ends that an exception ends. */
#include "main/main.h"

#include "core/errors.h"
#include "lib/lib.h"

#include <signal.h>

int main_interrupted(void)
{
	PyInterp_Finish();
	signal(SIGINT, SIG_DFL);
	raise(SIGINT);
	return 130;
}

int main_report_error(void)
{
	if (PyErr_ExceptionMatches(PyExc_SystemExit))
		return _PyErr_SystemExitStatus();
	if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
		PyErr_Print();
		return main_interrupted();
	}
	PyErr_Print();
	return 1;
}
