/* SPDX-License-Identifier: BSD-2-Clause */
/* What is at an address that could not be used. */
#include "report/death.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const char map[] = "10000-20000 r-xp 0 08:01 5 /usr/bin/prog\n"
			  "30000-31000 ---p 0 00:00 0 \n"
			  "31000-41000 rw-p 0 00:00 0 \n"
			  "7f0000100000-7f0000200000 rw-p 0 00:00 0 [stack]\n";

static struct pyi_thread threads[] = {
	{.tid = 7, .main = true, .have_regs = true, .regs.rsp = 0x7f0000100010},
	{.tid = 8, .have_regs = true, .regs.rsp = 0x31008},
};

static void expect(uint64_t addr, const char *want)
{
	struct pyi_target target = {.threads = threads, .n_threads = 2};
	char *place;

	assert_null(pyi_maps_parse(map, strlen(map), &target.maps));
	place = pyi_death_place(&target, addr);
	assert_string_equal(place, want);
	free(place);
	pyi_maps_deinit(&target.maps);
}

static void places(void **state)
{
	expect(0, "a null pointer");
	expect(24, "24 bytes behind a null pointer");
	expect(0x10010, "in prog (r-x)");
	expect(0x30ff0, "16 bytes below the end of thread 8's stack, in its guard page (64 KiB)");
	expect(0x7f00000fff00,
	       "256 bytes below the end of thread 7's stack, which is full (1024 KiB)");
	expect(0x20010, "not mapped; nearest: 16 bytes above the end of prog");
	expect(0x2fff0, "not mapped; nearest: 16 bytes below anonymous memory");
	expect(0xffffffff00000000, "not mapped, and no address of a program");
}

static void describe(void **state)
{
	struct pyi_target target = {.death = {.signal = SIGSEGV, .tid = 8, .have_info = true},
				    .threads = threads,
				    .n_threads = 2};
	struct pyi_report report = {0};

	target.death.info.si_code = SEGV_MAPERR;
	threads[1].crashed = true;
	assert_null(pyi_death_describe(&target, &report));
	assert_string_equal(report.signal.name, "SIGSEGV");
	assert_string_equal(report.signal.code, "SEGV_MAPERR");
	assert_true(report.signal.has_address);
	assert_string_equal(report.signal.place, "a null pointer, which was called or jumped to");
	free(report.signal.place);
	report = (struct pyi_report){0};
	target.death.info.si_code = SI_USER;
	target.death.info.si_pid = 42;
	assert_null(pyi_death_describe(&target, &report));
	assert_false(report.signal.has_address);
	assert_int_equal(report.signal.sender, 42);
	threads[1].crashed = false;
}

static void alive(void **state)
{
	struct pyi_target target = {.threads = threads, .n_threads = 2};
	struct pyi_report report = {0};
	struct pyi_report_thread thread = {0};

	assert_null(pyi_death_describe(&target, &report));
	assert_int_equal(report.signal.number, 0);
	assert_null(pyi_death_registers(&target, &threads[0], &thread));
	assert_false(thread.have_regs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(describe),
		cmocka_unit_test(alive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
