/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: handlers only set flags; the main thread acts on them between two instructions. */
#include "core/signals.h"

#include "core/errors.h"
#include "core/state.h"

#include <errno.h>
#include <signal.h>

static volatile int arrived[PY_NSIG];

static int interrupt(int signo)
{
	PyErr_SetNone(PyExc_KeyboardInterrupt);
	return -1;
}

int (*_PySignals_deliver)(int signo) = interrupt;

void _PySignals_Arrived(int signo)
{
	int saved = errno;

	__atomic_store_n(&arrived[signo], 1, __ATOMIC_RELEASE);
	__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_SIGNAL, __ATOMIC_RELEASE);
	errno = saved;
}

void PyErr_SetInterrupt(void)
{
	_PySignals_Arrived(SIGINT);
}

int PyErr_CheckSignals(void)
{
	if (!(_Py_eval_breaker & PY_BREAK_SIGNAL) || pthread_self() != _PyRuntime.main_thread)
		return 0;
	__atomic_fetch_and(&_Py_eval_breaker, ~PY_BREAK_SIGNAL, __ATOMIC_ACQ_REL);
	for (int signo = 1; signo < PY_NSIG; signo++) {
		if (!__atomic_exchange_n(&arrived[signo], 0, __ATOMIC_ACQ_REL))
			continue;
		if (_PySignals_deliver(signo) < 0) {
			/* Those behind it wait for the next look. */
			__atomic_fetch_or(&_Py_eval_breaker, PY_BREAK_SIGNAL, __ATOMIC_RELEASE);
			return -1;
		}
	}
	return 0;
}

int _PySignals_Install(int signo, void (*handler)(int))
{
	struct sigaction act = {.sa_handler = handler};

	sigemptyset(&act.sa_mask);
	/* Without SA_RESTART, so that a blocking call comes back. */
	return sigaction(signo, &act, NULL);
}

void _PySignals_Init(void)
{
	struct sigaction old;

	_PySignals_Install(SIGPIPE, SIG_IGN);
	/* Ignored (nohup) stays ignored. */
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		_PySignals_Install(SIGINT, _PySignals_Arrived);
}
