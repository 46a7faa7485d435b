/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/waits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define TIMESPEC_AT 0x1000u

/* What a thread in this call, in a target that is no process, waits for: "kind: text". */
static void assert_wait(const int64_t timespec[2], long nr, uint64_t a0, uint64_t a1, uint64_t a2,
			const char *expected)
{
	struct pyi_target target = {.kind = PYI_TARGET_CORE};
	struct pyi_thread thread = {
		.in_syscall = true, .syscall_nr = nr, .syscall_args = {a0, a1, a2}};
	struct pyi_report_thread to = {0};
	char got[128] = "";

	assert_null(pyi_mem_create(&target.mem));
	if (timespec)
		assert_null(pyi_mem_add_buffer(target.mem, TIMESPEC_AT, timespec, 16));
	assert_null(pyi_waits_describe(&target, &thread, &to));
	assert_true(to.in_syscall);
	assert_int_equal(to.syscall_nr, nr);
	assert_true(to.syscall_args[1] == a1);
	if (to.wait_kind)
		snprintf(got, sizeof(got), "%s: %s", to.wait_kind, to.wait_text);
	assert_string_equal(got, expected);
	free(to.wait_text);
	pyi_mem_destroy(target.mem);
}

static void test_kinds(void **state)
{
	assert_wait(NULL, SYS_read, 3, 0, 0, "fd: fd 3");
	assert_wait(NULL, SYS_futex, 0x7f00, 0, 0, "futex: futex 0x7f00");
	assert_wait(NULL, SYS_wait4, (uint64_t)-1, 0, 0, "child: any child");
	assert_wait(NULL, SYS_wait4, 42, 0, 0, "child: child 42");
	assert_wait(NULL, SYS_poll, 0, 0, 0, "other: an event");
	assert_wait(NULL, SYS_getpid, 0, 0, 0, "");
	assert_wait(NULL, 99999, 0, 0, 0, "");
}

static void test_sleeps(void **state)
{
	static const int64_t good[] = {90, 500000000}, negative[] = {-1, 0},
			     huge[] = {INT64_MAX, 0}, odd[] = {1, 1000000000};
	static const char unreadable[] = "sleep: a time that cannot be read";

	assert_wait(good, SYS_nanosleep, TIMESPEC_AT, 0, 0, "sleep: 90.5 s");
	assert_wait(good, SYS_clock_nanosleep, 0, 0, TIMESPEC_AT, "sleep: 90.5 s");
	/* A core's clock has stopped. */
	assert_wait(good, SYS_clock_nanosleep, 1, TIMER_ABSTIME, TIMESPEC_AT,
		    "sleep: until a set time");
	assert_wait(negative, SYS_nanosleep, TIMESPEC_AT, 0, 0, unreadable);
	assert_wait(huge, SYS_nanosleep, TIMESPEC_AT, 0, 0, unreadable);
	assert_wait(odd, SYS_nanosleep, TIMESPEC_AT, 0, 0, unreadable);
	assert_wait(NULL, SYS_nanosleep, TIMESPEC_AT, 0, 0, unreadable);
}

static void test_not_in_a_call(void **state)
{
	struct pyi_target target = {.kind = PYI_TARGET_CORE};
	struct pyi_thread thread = {.syscall_nr = SYS_read};
	struct pyi_report_thread to = {0};

	assert_null(pyi_waits_describe(&target, &thread, &to));
	assert_false(to.in_syscall);
	assert_null(to.syscall);
	assert_null(to.wait_kind);
}

/* Of a snapshot: what the descriptor led to and what the clock said when it was made. */
static void test_noted(void **state)
{
	static const int64_t until[] = {90, 500000000};
	struct pyi_target target = {.kind = PYI_TARGET_SNAPSHOT};
	struct pyi_thread reads = {.in_syscall = true, .syscall_nr = SYS_read, .syscall_args = {3}};
	struct pyi_thread sleeps = {.in_syscall = true,
				    .syscall_nr = SYS_clock_nanosleep,
				    .syscall_args = {1, TIMER_ABSTIME, TIMESPEC_AT}};
	struct pyi_report_thread first = {0}, second = {0};

	assert_null(pyi_notes_create(NULL, &target.notes));
	pyi_notes_put(target.notes, "fds", json_string("pipe:[7]"), "%d", 3);
	pyi_notes_put(target.notes, "clocks", json_integer(88000000000), "%d", 1);
	assert_null(pyi_mem_create(&target.mem));
	assert_null(pyi_mem_add_buffer(target.mem, TIMESPEC_AT, until, 16));
	assert_null(pyi_waits_describe(&target, &reads, &first));
	assert_string_equal(first.wait_text, "fd 3 (pipe:[7])");
	assert_null(pyi_waits_describe(&target, &sleeps, &second));
	assert_string_equal(second.wait_text, "2.5 s left");
	free(first.wait_text);
	free(second.wait_text);
	pyi_mem_destroy(target.mem);
	pyi_notes_destroy(target.notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_noted),
		cmocka_unit_test(test_sleeps),
		cmocka_unit_test(test_not_in_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
