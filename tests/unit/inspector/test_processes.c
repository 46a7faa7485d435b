/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/processes.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static bool has(const struct pyi_pids *pids, pid_t pid)
{
	pyi_vec_for_each (p, &pids->pids)
		if (*p == pid)
			return true;
	return false;
}

/* A child that has a child; tells its pid through the pipe and waits for its end. */
static pid_t start_family(int *end, pid_t *grandchild)
{
	int tell[2], stop[2];
	pid_t child;

	assert_int_equal(pipe(tell), 0);
	assert_int_equal(pipe(stop), 0);
	child = fork();
	if (child == 0) {
		char byte;
		pid_t own;

		close(stop[1]);
		own = fork();
		if (own != 0 && write(tell[1], &own, sizeof(own)) != sizeof(own))
			_exit(1);
		while (read(stop[0], &byte, 1) > 0)
			;
		if (own)
			waitpid(own, NULL, 0);
		_exit(0);
	}
	close(tell[1]);
	close(stop[0]);
	assert_int_equal(read(tell[0], grandchild, sizeof(*grandchild)), sizeof(*grandchild));
	close(tell[0]);
	*end = stop[1];
	return child;
}

static void test_family(void **state)
{
	struct pyi_pids pids = {0};
	pid_t grandchild;
	int end;
	pid_t child = start_family(&end, &grandchild);

	assert_null(pyi_pids_add(&pids, child));
	assert_null(pyi_pids_add(&pids, child));
	assert_int_equal(pids.pids.len, 1);
	assert_null(pyi_pids_add_descendants(&pids));
	assert_int_equal(pids.pids.len, 2);
	assert_int_equal(pids.pids.data[1], grandchild);
	pyi_pids_deinit(&pids);
	/* The same program, but never ourselves. */
	assert_null(pyi_pids_add_matching(&pids, "test_processe[s]"));
	assert_true(has(&pids, child));
	assert_true(has(&pids, grandchild));
	assert_false(has(&pids, getpid()));
	pyi_pids_deinit(&pids);
	close(end);
	waitpid(child, NULL, 0);
}

static void test_regular_expressions(void **state)
{
	struct pyi_pids pids = {0};
	struct pyi_error *err = pyi_pids_add_matching(&pids, "(");

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_USAGE);
	pyi_error_destroy(err);
	assert_null(pyi_pids_add_matching(&pids, "^no program has such a name$"));
	assert_int_equal(pids.pids.len, 0);
	pyi_pids_deinit(&pids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_regular_expressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
