/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/kernel.h"
#include "report/syscalls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

static void parse(const char *text, const char *expected)
{
	struct pyi_report_frame *frames;
	char got[256] = "";
	size_t n;

	assert_null(pyi_kernel_parse(text, &frames, &n));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(frames[i].kind, PYI_FRAME_KERNEL);
		strcat(got, i ? " " : "");
		strcat(got, frames[i].function);
		strcat(got, frames[i].plumbing ? "*" : "");
		pyi_report_frame_deinit(&frames[i]);
	}
	free(frames);
	assert_string_equal(got, expected);
}

static void test_stack(void **state)
{
	parse("[<0>] futex_wait_queue+0x64/0x90\n"
	      "[<0>] do_futex+0x106/0x1b0\n"
	      "[<0>] ext4_read [ext4]\n"
	      "[<0>] __x64_sys_futex+0x92/0x1d0\n"
	      "[<0>] do_syscall_64+0x55/0xb0\n"
	      "[<0>] entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n",
	      "futex_wait_queue do_futex ext4_read [ext4] __x64_sys_futex* do_syscall_64* "
	      "entry_SYSCALL_64_after_hwframe*");
}

static void test_other_forms(void **state)
{
	parse("[<ffffffff81234567>] pipe_read+0x1/0x2\n[<0>] last", "pipe_read last");
	parse("", "");
	parse("\n\n", "");
	parse("garbage\n[]\n[<0>]x\n", "");
}

static void test_gone_thread(void **state)
{
	struct pyi_target target = {.pid = 0x3ffffff0};
	const struct pyi_thread thread = {.tid = 1};
	struct pyi_report_frame *frames;
	bool blocked = true;
	size_t n = 1;

	assert_null(pyi_kernel_read(&target, &thread, &blocked, &frames, &n));
	assert_false(blocked);
	assert_int_equal(n, 0);
	assert_null(frames);
}

static void test_system_call_names(void **state)
{
	int n_args = -1;

	assert_string_equal(pyi_syscall_name(SYS_futex, &n_args), "futex");
	assert_int_equal(n_args, 6);
	assert_string_equal(pyi_syscall_name(SYS_newfstatat, &n_args), "newfstatat");
	assert_int_equal(n_args, 4);
	assert_string_equal(pyi_syscall_name(SYS_read, &n_args), "read");
	assert_int_equal(n_args, 3);
	assert_null(pyi_syscall_name(-1, &n_args));
	assert_null(pyi_syscall_name(400, &n_args)); /* a gap */
	assert_null(pyi_syscall_name(100000, &n_args));
	assert_int_equal(n_args, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_other_forms),
		cmocka_unit_test(test_gone_thread),
		cmocka_unit_test(test_system_call_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
