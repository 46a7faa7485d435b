/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: handlers only set flags; the main thread raises between two instructions. */
#include "core/errors.h"
#include "core/state.h"

#include <errno.h>
#include <signal.h>

static volatile int interrupted;

void PyErr_SetInterrupt(void)
{
	__atomic_store_n(&interrupted, 1, __ATOMIC_RELEASE);
	__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_SIGNAL, __ATOMIC_RELEASE);
}

static void on_sigint(int signo)
{
	int saved = errno;

	PyErr_SetInterrupt();
	errno = saved;
}

int PyErr_CheckSignals(void)
{
	if (!(_Py_eval_breaker & PY_BREAK_SIGNAL) || pthread_self() != _PyRuntime.main_thread)
		return 0;
	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_SIGNAL, __ATOMIC_ACQ_REL);
	if (!__atomic_exchange_n(&interrupted, 0, __ATOMIC_ACQ_REL))
		return 0;
	PyErr_SetNone(PyExc_KeyboardInterrupt);
	return -1;
}

void _PySignals_Init(void)
{
	struct sigaction old, act = {.sa_handler = SIG_IGN};

	sigemptyset(&act.sa_mask);
	sigaction(SIGPIPE, &act, NULL);
	/* Without SA_RESTART, so that a blocking call comes back. Ignored (nohup) stays ignored. */
	act.sa_handler = on_sigint;
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &act, NULL);
}
