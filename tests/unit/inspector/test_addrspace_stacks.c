/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose stack is where, and what guards it. */
#include "fake_space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct pyi_thread threads[4];

static void use_threads(struct fake_space *f, size_t n)
{
	f->target.pid = 100;
	f->target.threads = threads;
	f->target.n_threads = n;
}

static void add_pthread(struct fake_space *f, uint64_t lo, uint64_t guard, uint64_t size, pid_t tid)
{
	struct pyi_pthread *pthread = pyi_vec_push(&f->survey.evidence.pthreads);

	assert_non_null(pthread);
	*pthread = (struct pyi_pthread){.addr = lo + size - 0x940,
					.stack_lo = lo,
					.guard_hi = lo + guard,
					.stack_hi = lo + size,
					.tid = tid};
}

static void claim(struct fake_space *f)
{
	pyi_addrspace_find_tids(&f->survey);
	pyi_addrspace_claim_stacks_by_sp(&f->survey);
	pyi_addrspace_claim_malloc(&f->survey);
	pyi_addrspace_claim_stacks(&f->survey);
	fake_space_apply(f);
}

/* glibc 2.42: guards lie inside one mapping that holds several stacks. Before: the guard may have
 * merged with other memory without access. */
static void test_pthreads(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-30000 rw-p 00000000 00:00 0\n"
			    "40000-61000 ---p 00000000 00:00 0\n"
			    "61000-70000 rw-p 00000000 00:00 0\n"
			    "7f000-80000 rw-p 00000000 00:00 0 [stack]\n");
	threads[0] = (struct pyi_thread){.tid = 100, .main = true, .have_pc_sp = true};
	threads[0].regs.rsp = 0x7f800;
	threads[1] = (struct pyi_thread){.tid = 101, .have_regs = true};
	threads[1].regs.rsp = 0x1e000;
	threads[2] = (struct pyi_thread){.tid = 102, .comm = "runs"};
	use_threads(&f, 3);
	add_pthread(&f, 0x10000, 0x1000, 0x10000, 101);
	add_pthread(&f, 0x20000, 0x1000, 0x10000, 102);
	add_pthread(&f, 0x60000, 0x1000, 0x10000, 0);
	claim(&f);
	assert_int_equal(fake_space_role(&f, 0x10000), PYI_ROLE_GUARD);
	assert_string_equal(fake_space_detail(&f, 0x10000), "of thread 101");
	assert_int_equal(fake_space_role(&f, 0x11000), PYI_ROLE_THREAD_STACK);
	assert_string_equal(fake_space_detail(&f, 0x1ffff), "101, 8 KiB deep");
	assert_int_equal(pyi_addrspace_find(&f.space, 0x1ffff)->tid, 101);
	assert_int_equal(fake_space_role(&f, 0x20fff), PYI_ROLE_GUARD);
	assert_string_equal(fake_space_detail(&f, 0x21000), "102 runs, running");
	assert_int_equal(fake_space_role(&f, 0x40000), PYI_ROLE_RESERVED);
	assert_int_equal(fake_space_role(&f, 0x60000), PYI_ROLE_GUARD);
	assert_string_equal(fake_space_detail(&f, 0x61000),
			    "of an ended thread, kept for the next");
	assert_string_equal(fake_space_detail(&f, 0x7f000), "100, 2 KiB deep");
	assert_int_equal(fake_space_role(&f, 0x7f000), PYI_ROLE_STACK);
	fake_space_deinit(&f);
}

/* Stacks that no C library made: minipy's own for the main thread, another language's thread. */
static void test_by_sp(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "10000-11000 ---p 00000000 00:00 0\n"
			    "11000-20000 rw-p 00000000 00:00 0\n"
			    "30000000-40000000 ---p 00000000 00:00 0\n"
			    "40000000-40010000 rw-p 00000000 00:00 0\n"
			    "50000000-50001000 rw-p 00000000 08:01 4 /file\n"
			    "7f000000-7f010000 rw-p 00000000 00:00 0 [stack]\n");
	threads[0] = (struct pyi_thread){.tid = 100, .main = true, .have_pc_sp = true};
	threads[0].regs.rsp = 0x1f000;
	threads[1] = (struct pyi_thread){.tid = 101, .have_pc_sp = true};
	threads[1].regs.rsp = 0x40008000;
	threads[2] = (struct pyi_thread){.tid = 102, .have_pc_sp = true};
	threads[2].regs.rsp = 0x50000100;
	threads[3] = (struct pyi_thread){.tid = 103, .have_pc_sp = true};
	threads[3].regs.rsp = UINT64_MAX;
	use_threads(&f, 4);
	claim(&f);
	assert_int_equal(fake_space_role(&f, 0x11000), PYI_ROLE_STACK);
	assert_int_equal(fake_space_role(&f, 0x10000), PYI_ROLE_GUARD);
	assert_int_equal(fake_space_role(&f, 0x40000000), PYI_ROLE_THREAD_STACK);
	assert_int_equal(fake_space_role(&f, 0x3fffffff), PYI_ROLE_RESERVED); /* too large */
	assert_int_equal(fake_space_role(&f, 0x50000000), PYI_ROLE_FILE);
	assert_int_equal(fake_space_role(&f, 0x7f000000), PYI_ROLE_STACK);
	assert_string_equal(fake_space_detail(&f, 0x7f000000), "made by the kernel");
	fake_space_deinit(&f);
}

/* Which thread runs a thread state: by its tid, or (before 3.11) by its pthread_self(). */
static void test_tids(void **state)
{
	const struct pyi_tstate states[] = {
		{.thread_id = 0x1f6c0}, {.native_tid = 102, .thread_id = 5},
		{.native_tid = 999},                          /* gone */
		{.thread_id = 0x7777},  {.thread_id = 0x123}, /* on no stack: the main thread's */
	};
	const pid_t want[] = {101, 102, 0, 102, 100};
	struct fake_space f;
	char text[64];

	(void)state;
	fake_space_init(&f, "10000-20000 rw-p 00000000 00:00 0\n");
	threads[0] = (struct pyi_thread){.tid = 100, .main = true};
	threads[1] = (struct pyi_thread){.tid = 101};
	threads[2] = (struct pyi_thread){.tid = 102, .have_regs = true, .comm = "c"};
	threads[2].regs.fs_base = 0x7777;
	use_threads(&f, 3);
	add_pthread(&f, 0x10000, 0x1000, 0x10000, 101);
	for (size_t i = 0; i < 5; i++)
		*(struct pyi_tstate *)pyi_vec_push(&f.survey.tstates.states) = states[i];
	pyi_addrspace_find_tids(&f.survey);
	assert_memory_equal(f.tids, want, sizeof(want));
	f.names[0] = (char *)"loader";
	pyi_addrspace_thread_text(&f.survey, 101, text, sizeof(text));
	assert_string_equal(text, "101 \"loader\"");
	pyi_addrspace_thread_text(&f.survey, 102, text, sizeof(text));
	assert_string_equal(text, "102 c");
	pyi_addrspace_thread_text(&f.survey, 5, text, sizeof(text));
	assert_string_equal(text, "5");
	fake_space_deinit(&f);
}

static void test_arenas(void **state)
{
	const struct pyi_heap heaps[] = {
		{0x7f0004000000, 0x7f0004021000, 0x7f0008000000, 0x7f0004000030},
		{0x7f0008000000, 0x7f0008005000, 0x7f000c000000, 0x7f0004000030},
		{0x7f000c000000, 0x7f000c005000, 0x7f0010000000,
		 0x7e0000000030}, /* no such arena */
	};
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "7f0003fff000-7f0004021000 rw-p 00000000 00:00 0\n"
			    "7f0004021000-7f0008000000 ---p 00000000 00:00 0\n"
			    "7f0008000000-7f0008006000 rw-p 00000000 00:00 0\n"
			    "7f000c000000-7f000c006000 rw-p 00000000 00:00 0\n");
	for (size_t i = 0; i < 3; i++)
		*(struct pyi_heap *)pyi_vec_push(&f.survey.evidence.heaps) = heaps[i];
	claim(&f);
	assert_int_equal(fake_space_role(&f, 0x7f0003fff000), PYI_ROLE_ANONYMOUS);
	assert_int_equal(fake_space_role(&f, 0x7f0004000000), PYI_ROLE_HEAP);
	assert_string_equal(fake_space_detail(&f, 0x7f0004020000), "arena 0x7f0004000030");
	assert_int_equal(fake_space_role(&f, 0x7f0004021000), PYI_ROLE_RESERVED);
	assert_string_equal(fake_space_detail(&f, 0x7f0007fff000),
			    "for arena 0x7f0004000030 to grow");
	assert_int_equal(fake_space_role(&f, 0x7f0008000000), PYI_ROLE_HEAP);
	assert_int_equal(fake_space_role(&f, 0x7f0008005000), PYI_ROLE_RESERVED);
	assert_int_equal(fake_space_role(&f, 0x7f000c000000), PYI_ROLE_ANONYMOUS);
	fake_space_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pthreads),
		cmocka_unit_test(test_by_sp),
		cmocka_unit_test(test_tids),
		cmocka_unit_test(test_arenas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
