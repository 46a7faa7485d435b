/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands under supervision: their status, and which signals are a crash. */
#include "cmd/supervise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct seen {
	int crashes, kills, signal;
	size_t threads;
	bool registers;
};

static void on_crash(void *arg, const struct pyi_crash *crash)
{
	struct seen *seen = arg;

	seen->crashes++;
	seen->signal = crash->death.signal;
	seen->threads = crash->threads->threads.len;
	seen->registers = seen->threads && crash->threads->threads.data[0].have_regs;
}

static void on_kill(void *arg, pid_t pid)
{
	((struct seen *)arg)->kills++;
}

static struct seen run(const char *script, int want)
{
	struct seen seen = {0};
	struct pyi_supervisor supervisor = {on_crash, on_kill, &seen};
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
	int status = -1;

	assert_null(pyi_supervise(&supervisor, argv, &status));
	assert_int_equal(status, want);
	return seen;
}

static void exit_status(void **state)
{
	struct seen seen = run("exit 7", 7);

	assert_int_equal(seen.crashes + seen.kills, 0);
}

static void fatal_signal(void **state)
{
	struct seen seen = run("kill -ABRT $$", 128 + 6);

	assert_int_equal(seen.crashes, 1);
	assert_int_equal(seen.kills, 0);
	assert_int_equal(seen.signal, 6);
	assert_int_equal(seen.threads, 1);
	assert_true(seen.registers);
}

static void killed(void **state)
{
	struct seen seen = run("kill -KILL $$", 128 + 9);

	assert_int_equal(seen.crashes, 0);
	assert_int_equal(seen.kills, 1);
}

static void of_a_child(void **state)
{
	struct seen seen = run("sh -c 'kill -SEGV $$'; exit 3", 3);

	assert_int_equal(seen.crashes, 1);
	assert_int_equal(seen.signal, 11);
}

static void handled_signals_are_none(void **state)
{
	struct seen seen = run("trap 'exit 4' TERM; kill -TERM $$; exit 5", 4);

	assert_int_equal(seen.crashes, 0);
	seen = run("trap '' TERM; kill -TERM $$; kill -WINCH $$; kill -CHLD $$; exit 6", 6);
	assert_int_equal(seen.crashes, 0);
}

static void job_control(void **state)
{
	struct seen seen = run("sh -c 'kill -STOP $$; exit 2' & p=$!; "
			       "until grep -q '^State:.*[tT] (' /proc/$p/status; do :; done; "
			       "kill -CONT $p; wait $p",
			       2);

	assert_int_equal(seen.crashes, 0);
}

static void no_such_command(void **state)
{
	struct seen seen = {0};
	struct pyi_supervisor supervisor = {on_crash, on_kill, &seen};
	char *argv[] = {(char *)"/nonexistent/program", NULL};
	int status = -1;
	struct pyi_error *err = pyi_supervise(&supervisor, argv, &status);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_status),
		cmocka_unit_test(fatal_signal),
		cmocka_unit_test(killed),
		cmocka_unit_test(of_a_child),
		cmocka_unit_test(handled_signals_are_none),
		cmocka_unit_test(job_control),
		cmocka_unit_test(no_such_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
