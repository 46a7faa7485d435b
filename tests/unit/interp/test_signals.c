/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "core/signals.h"

#include <signal.h>

static int delivered[PY_NSIG];

static int count(int signo)
{
	delivered[signo]++;
	return 0;
}

static int refuse(int signo)
{
	PyErr_SetNone(PyExc_KeyError);
	return -1;
}

static void test_each_arrival_is_delivered_once(void **state)
{
	_PySignals_deliver = count;
	assert_int_equal(_PySignals_Install(SIGUSR1, _PySignals_Arrived), 0);
	raise(SIGUSR1);
	_PySignals_Arrived(SIGHUP);
	assert_int_equal(PyErr_CheckSignals(), 0);
	assert_int_equal(PyErr_CheckSignals(), 0);
	assert_int_equal(delivered[SIGUSR1], 1);
	assert_int_equal(delivered[SIGHUP], 1);
}

static void test_those_behind_a_failure_wait(void **state)
{
	_PySignals_deliver = refuse;
	_PySignals_Arrived(SIGHUP);
	_PySignals_Arrived(SIGUSR2);
	assert_int_equal(PyErr_CheckSignals(), -1);
	_PySignals_deliver = count;
	assert_raised(PyExc_KeyError, NULL);
	assert_int_equal(PyErr_CheckSignals(), 0);
	assert_int_equal(delivered[SIGUSR2], 1);
}

static void test_no_such_signal(void **state)
{
	assert_int_equal(_PySignals_Install(SIGKILL, _PySignals_Arrived), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_arrival_is_delivered_once),
		cmocka_unit_test(test_those_behind_a_failure_wait),
		cmocka_unit_test(test_no_such_signal),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
