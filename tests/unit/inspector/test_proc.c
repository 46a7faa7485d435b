/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of /proc files, also of processes with hostile names. */
#include "target/proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <cmocka.h>

static void test_stat(void **state)
{
	(void)state;
	struct pyi_proc_stat st = {0};
	assert_true(
		pyi_proc_parse_stat("17 (a) R (b\n) S 5 17 17 0 -1 4194560 100 0 0 0 1 2 3 4 20 "
				    "0 1 0 98765 1000 20 18446744073709551615",
				    &st));
	assert_string_equal(st.comm, "a) R (b\n");
	assert_int_equal(st.state, 'S');
	assert_int_equal(st.ppid, 5);
	assert_int_equal(st.flags, 4194560);
	assert_int_equal(st.start_time, 98765);
	static const char *const bad[] = {"", "17", "17 (a", "17 )a( S 1", "17 (a) S 1 2 3"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(pyi_proc_parse_stat(bad[i], &st));
	char longest[400];
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "1 (", 3);
	strcpy(longest + 300, ") S 5 17 17 0 -1 0 1 0 0 0 1 2 3 4 20 0 1 0 9 1 2");
	assert_true(pyi_proc_parse_stat(longest, &st));
	assert_int_equal(strlen(st.comm), sizeof(st.comm) - 1);
}

static void test_environ(void **state)
{
	(void)state;
	uint64_t lo = 1, hi = 1;
	char text[1024] = "17 (a ) (b) S";
	for (int field = 4; field <= 52; field++)
		sprintf(text + strlen(text), " %d", field * 100);
	assert_true(pyi_proc_parse_environ(text, &lo, &hi));
	assert_int_equal(lo, 5000);
	assert_int_equal(hi, 5100);
	assert_false(pyi_proc_parse_environ("17 (a) S 1 2 3", &lo, &hi));
	assert_false(pyi_proc_parse_environ("", &lo, &hi));
	assert_int_equal(lo, 5000);
}

static void test_syscall(void **state)
{
	(void)state;
	struct pyi_proc_syscall sc;
	assert_true(pyi_proc_parse_syscall("running\n", &sc));
	assert_true(sc.running);
	assert_true(pyi_proc_parse_syscall(
		"0 0x1 0x2 0x3 0x4 0x5 0xfffffffffffffff6 0x7ffe10 0x7f20\n", &sc));
	assert_false(sc.running);
	assert_int_equal(sc.nr, 0);
	assert_int_equal(sc.args[0], 1);
	assert_int_equal(sc.args[5], UINT64_C(0xfffffffffffffff6));
	assert_int_equal(sc.sp, 0x7ffe10);
	assert_int_equal(sc.pc, 0x7f20);
	assert_true(pyi_proc_parse_syscall("-1 0x7ffe10 0x7f20\n", &sc));
	assert_int_equal(sc.nr, -1);
	assert_int_equal(sc.sp, 0x7ffe10);
	assert_int_equal(sc.args[0], 0);
	assert_false(pyi_proc_parse_syscall("", &sc));
	assert_false(pyi_proc_parse_syscall("5 0x1 0x2\n", &sc));
}

static void test_own_files(void **state)
{
	(void)state;
	struct pyi_proc_stat st;
	struct pyi_proc_status status;
	char *text, small[8];
	size_t len;
	usleep(1000); /* a switch at least */
	prctl(PR_SET_NAME, "x\nTgid:\t1");
	assert_true(pyi_proc_stat(AT_FDCWD, "/proc/self/stat", &st));
	assert_string_equal(st.comm, "x\nTgid:\t1");
	assert_int_equal(st.ppid, getppid());
	assert_true(pyi_proc_status(AT_FDCWD, "/proc/self/status", &status));
	assert_int_equal(status.tgid, getpid());
	assert_true(status.switches > 0);
	assert_null(pyi_proc_read(AT_FDCWD, "/proc/self/smaps", &text, &len));
	assert_int_equal(strlen(text), len);
	assert_true(len > 4096);
	free(text);
	struct pyi_error *err = pyi_proc_read(AT_FDCWD, "/proc/self/nothing", &text, &len);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	pyi_error_destroy(err);
	assert_int_equal(pyi_proc_read_small(AT_FDCWD, "/proc/self/stat", small, sizeof(small)), 7);
	assert_int_equal(strlen(small), 7);
	assert_false(pyi_proc_stat(AT_FDCWD, "/proc/self/nothing", &st));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_environ),
		cmocka_unit_test(test_syscall),
		cmocka_unit_test(test_own_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
