/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Synthetic stacks. A native frame i stands on [0x1000 + 0x100 i, + 0x100). The expected order is
 * written as words: n0 n1 ... for native frames, a name for each Python frame.
 */
#include "base/strbuf.h"
#include "report/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAX 64

struct fixture {
	struct pyi_report_frame native[MAX], python[4][MAX];
	struct pyi_merge_chain chains[4];
	size_t n_native, n_chains;
	struct pyi_merge_result result;
};

static uint64_t stack(size_t i)
{
	return 0x1000 + 0x100 * i;
}

static void setup(struct fixture *f, size_t n_native)
{
	memset(f, 0, sizeof(*f));
	for (size_t c = 0; c < 4; c++)
		f->chains[c].frames = f->python[c];
	f->n_chains = 1;
	f->n_native = n_native;
	for (size_t i = 0; i < n_native; i++) {
		char name[24];

		snprintf(name, sizeof(name), "n%zu", i);
		f->native[i] = (struct pyi_report_frame){
			.kind = PYI_FRAME_NATIVE,
			.function = strdup(name),
			.sp = stack(i),
			.cfa = stack(i + 1),
		};
	}
}

static struct pyi_report_frame *add(struct fixture *f, size_t chain, const char *name)
{
	struct pyi_merge_chain *c = &f->chains[chain];
	struct pyi_report_frame *frame = &c->frames[c->n++];

	frame->kind = PYI_FRAME_PYTHON;
	frame->function = strdup(name);
	if (chain >= f->n_chains)
		f->n_chains = chain + 1;
	return frame;
}

/* A shim, or with 3.11's rule the entry frame itself, whose mark lies in native frame `at`. */
static void add_entry(struct fixture *f, size_t chain, const char *name, size_t at, bool shim)
{
	struct pyi_report_frame *frame = add(f, chain, name);

	frame->mark = at == MAX ? 0 : stack(at) + 0x40;
	frame->entry = true;
	frame->shim = shim;
}

static void merge(struct fixture *f, enum pyi_how_entry how, const char *expected)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;
	char *got;

	for (size_t c = 0; how && c < f->n_chains; c++)
		f->chains[c].how = how;
	assert_null(pyi_merge(f->native, f->n_native, f->chains, f->n_chains, &f->result));
	for (size_t i = 0; i < f->result.n; i++) {
		if (i)
			pyi_strbuf_putc(&sb, ' ');
		pyi_strbuf_puts(&sb, f->result.frames[i].function);
		if (f->result.frames[i].plumbing)
			pyi_strbuf_putc(&sb, '*');
	}
	got = pyi_strbuf_steal(&sb);
	assert_string_equal(got, expected);
	free(got);
}

static void teardown(struct fixture *f)
{
	for (size_t i = 0; i < f->n_native; i++)
		assert_null(f->native[i].function); /* moved out */
	for (size_t i = 0; i < f->result.n; i++)
		pyi_report_frame_deinit(&f->result.frames[i]);
	free(f->result.frames);
}

static void test_shims(void **state)
{
	struct fixture f;

	setup(&f, 7);
	add(&f, 0, "key");
	add_entry(&f, 0, "shim", 2, true);
	add(&f, 0, "caller");
	add(&f, 0, "module");
	add_entry(&f, 0, "shim", 5, true);
	merge(&f, PYI_ENTRY_SHIM, "n0 n1 key n2* n3 n4 caller module n5* n6");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	assert_int_equal(f.result.unplaced, 0);
	teardown(&f);
}

static void test_entry_frames(void **state)
{
	struct fixture f;

	setup(&f, 6);
	add(&f, 0, "inner");
	add_entry(&f, 0, "gen", 1, false);
	add_entry(&f, 0, "module", 4, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 inner gen n1* n2 n3 module n4* n5");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_one_frame_each(void **state)
{
	struct fixture f;

	setup(&f, 5);
	add(&f, 0, "f")->mark = stack(0) + 8;
	add(&f, 0, "g")->mark = stack(2);
	add(&f, 0, "h")->mark = stack(4) - 1; /* last byte of n3 */
	merge(&f, PYI_ENTRY_CFRAME, "f n0* n1 g n2* h n3* n4");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_slots(void **state)
{
	struct fixture f;

	setup(&f, 6);
	for (size_t i = 0; i < 3; i++)
		add(&f, 0, (const char *[]){"f", "g", "h"}[i])->address = 0xa000 + i * 0x100;
	f.native[1].address = 0xa000;
	f.native[2].address = 0xa100;
	f.native[4].address = 0xa200;
	merge(&f, PYI_ENTRY_SLOT, "n0 f n1* g n2* n3 h n4* n5");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_stale_slot(void **state)
{
	struct fixture f;

	/* n0 has just begun: an old value that names g is still in its slot. */
	setup(&f, 4);
	add(&f, 0, "f")->address = 0xa000;
	add(&f, 0, "g")->address = 0xa100;
	f.native[0].address = 0xa100;
	f.native[1].address = 0xa000;
	f.native[2].address = 0xa100;
	merge(&f, PYI_ENTRY_SLOT, "n0 f n1* g n2* n3");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_lost_region_costs_one_region(void **state)
{
	struct fixture f;

	setup(&f, 8);
	add(&f, 0, "a");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "b");
	add(&f, 0, "c");
	add_entry(&f, 0, "shim", 40, true); /* on no frame of this stack */
	add(&f, 0, "d");
	add_entry(&f, 0, "shim", 6, true);
	merge(&f, PYI_ENTRY_SHIM, "n0 a n1* n2 n3 n4 n5 b c d n6* n7");
	assert_int_equal(f.result.merge, PYI_MERGE_PARTIAL);
	assert_int_equal(f.result.unplaced, 2);
	teardown(&f);
}

static void test_native_stack_ends_early(void **state)
{
	struct fixture f;

	setup(&f, 3);
	f.native[2].cfa = 0; /* the last one: its caller is unknown */
	add(&f, 0, "a");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "b");
	add_entry(&f, 0, "shim", 2, true);
	add(&f, 0, "c");
	add_entry(&f, 0, "shim", 9, true);
	merge(&f, PYI_ENTRY_SHIM, "n0 a n1* n2 b c");
	assert_int_equal(f.result.merge, PYI_MERGE_PARTIAL);
	assert_int_equal(f.result.unplaced, 2);
	teardown(&f);
}

static void test_python_chain_cut(void **state)
{
	struct fixture f;

	/* The chain became unreadable before its shim: no mark, no place. */
	setup(&f, 4);
	add(&f, 0, "a");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "b");
	merge(&f, PYI_ENTRY_SHIM, "n0 a n1* n2 n3 b");
	assert_int_equal(f.result.merge, PYI_MERGE_PARTIAL);
	assert_int_equal(f.result.unplaced, 1);
	teardown(&f);
}

static void test_order_stays(void **state)
{
	struct fixture f;

	/* Marks that contradict f_back, and two batches on one native frame. */
	setup(&f, 6);
	add_entry(&f, 0, "a", 3, false);
	add_entry(&f, 0, "b", 1, false);
	add_entry(&f, 0, "c", 3, false);
	add_entry(&f, 0, "d", 4, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 n1 n2 a n3* b c d n4* n5");
	assert_int_equal(f.result.merge, PYI_MERGE_PARTIAL);
	assert_int_equal(f.result.unplaced, 2);
	teardown(&f);
}

static void test_incomplete_frames_are_hidden(void **state)
{
	struct fixture f;

	setup(&f, 4);
	add(&f, 0, "half")->incomplete = true;
	add(&f, 0, "a");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "never")->incomplete = true; /* alone in its batch, unplaced: nothing is lost */
	add_entry(&f, 0, "shim", 40, true);
	merge(&f, PYI_ENTRY_SHIM, "n0 a n1* n2 n3");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_no_native_stack(void **state)
{
	struct fixture f;

	setup(&f, 0);
	add(&f, 0, "a");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "b");
	merge(&f, PYI_ENTRY_SHIM, "a b");
	assert_int_equal(f.result.merge, PYI_MERGE_NONE);
	teardown(&f);
}

static void test_no_python(void **state)
{
	struct fixture f;

	setup(&f, 2);
	merge(&f, PYI_ENTRY_SHIM, "n0 n1");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_nothing(void **state)
{
	struct fixture f;

	setup(&f, 0);
	merge(&f, PYI_ENTRY_SHIM, "");
	assert_int_equal(f.result.merge, PYI_MERGE_NONE);
	teardown(&f);
}

static void test_interpreters_on_one_thread(void **state)
{
	struct fixture f;

	/* Interpreter 0 runs 1, which calls back into 0. */
	setup(&f, 9);
	add_entry(&f, 0, "back", 1, false);
	add_entry(&f, 0, "main", 7, false);
	add_entry(&f, 1, "sub", 3, false);
	add_entry(&f, 1, "sub2", 5, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 back n1* n2 sub n3* n4 sub2 n5* n6 main n7* n8");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
	/* Without native frames the marks alone order them. */
	setup(&f, 0);
	add_entry(&f, 0, "main", 7, false);
	add_entry(&f, 1, "sub", 3, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "sub main");
	teardown(&f);
}

/* 3.12 calls 2.7 by way of C, which calls back: marks here, known frames there, one stack. */
static void test_runtimes_on_one_thread(void **state)
{
	struct fixture f;

	setup(&f, 9);
	add(&f, 0, "new_inner");
	add_entry(&f, 0, "shim", 1, true);
	add(&f, 0, "new_outer");
	add(&f, 0, "new_module");
	add_entry(&f, 0, "shim", 7, true);
	add(&f, 1, "old_inner")->address = f.native[3].address = 0x8000;
	add(&f, 1, "old_outer")->address = f.native[5].address = 0x9000;
	f.chains[0].how = PYI_ENTRY_SHIM;
	f.chains[1].how = PYI_ENTRY_COUNT;
	merge(&f, 0,
	      "n0 new_inner n1* n2 old_inner n3* n4 old_outer n5* n6 new_outer new_module "
	      "n7* n8");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_inlined_frames_hold_no_mark(void **state)
{
	struct fixture f;

	setup(&f, 3);
	f.native[0].sp = f.native[0].cfa = 0;
	f.native[0].inlined = true;
	add_entry(&f, 0, "a", 1, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 a n1* n2");
	teardown(&f);
}

static void test_alternate_signal_stack(void **state)
{
	struct fixture f;

	/* A handler on its own stack, far above: spans are not sorted as they come. */
	setup(&f, 5);
	f.native[0].sp = 0x90000;
	f.native[0].cfa = 0x90100;
	f.native[1].sp = 0x90100;
	f.native[1].cfa = 0x90200;
	add(&f, 0, "handler")->mark = 0x90110;
	f.python[0][0].entry = true;
	add_entry(&f, 0, "a", 3, false);
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 handler n1* n2 a n3* n4");
	assert_int_equal(f.result.merge, PYI_MERGE_COMPLETE);
	teardown(&f);
}

static void test_absurd_marks(void **state)
{
	struct fixture f;
	static const uint64_t marks[] = {1, UINT64_MAX, 0xfff, 0x1200};

	setup(&f, 2);
	for (size_t i = 0; i < 4; i++) {
		struct pyi_report_frame *frame = add(&f, 0, "p");

		frame->mark = marks[i];
		frame->entry = true;
	}
	f.native[1].cfa = 0x10; /* below its sp */
	merge(&f, PYI_ENTRY_IS_ENTRY, "n0 n1 p p p p");
	assert_int_equal(f.result.unplaced, 4);
	teardown(&f);
}

/* Below n; the same numbers every time. */
static uint32_t next_random(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % n;
}

/* Whatever the marks say: nothing is lost or doubled, and both orders stay. */
static void test_any_marks_keep_both_orders(void **state)
{
	static const enum pyi_how_entry hows[] = {PYI_ENTRY_IS_ENTRY, PYI_ENTRY_SHIM,
						  PYI_ENTRY_CFRAME, PYI_ENTRY_SLOT};
	uint32_t seed = 1;

	for (int round = 0; round < 4000; round++) {
		enum pyi_how_entry how = hows[round % 4];
		size_t next_native = 0, next_python = 0, shown = 0;
		struct fixture f;

		setup(&f, next_random(&seed, 12));
		for (size_t i = 0; i < f.n_native; i++)
			f.native[i].address = next_random(&seed, 14);
		for (size_t i = next_random(&seed, 14); i > 0; i--) {
			struct pyi_report_frame *frame = add(&f, 0, "p");

			frame->line = (int)f.chains[0].n;
			frame->address = next_random(&seed, 14);
			frame->mark = next_random(&seed, 3) ? stack(next_random(&seed, 13)) +
								      next_random(&seed, 0x100)
							    : 0;
			frame->entry = next_random(&seed, 2);
			frame->shim = how == PYI_ENTRY_SHIM && frame->entry;
			frame->incomplete = next_random(&seed, 8) == 0;
			shown += !frame->shim && !frame->incomplete;
		}
		f.chains[0].how = how;
		assert_null(pyi_merge(f.native, f.n_native, f.chains, 1, &f.result));
		assert_int_equal(f.result.n, f.n_native + shown);
		for (size_t i = 0; i < f.result.n; i++) {
			const struct pyi_report_frame *frame = &f.result.frames[i];

			if (frame->kind == PYI_FRAME_PYTHON) {
				assert_true((size_t)frame->line > next_python);
				next_python = (size_t)frame->line;
			} else {
				assert_true(frame->sp == stack(next_native++));
			}
		}
		assert_true(f.result.unplaced <= shown);
		teardown(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shims),
		cmocka_unit_test(test_entry_frames),
		cmocka_unit_test(test_one_frame_each),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_stale_slot),
		cmocka_unit_test(test_lost_region_costs_one_region),
		cmocka_unit_test(test_native_stack_ends_early),
		cmocka_unit_test(test_python_chain_cut),
		cmocka_unit_test(test_order_stays),
		cmocka_unit_test(test_incomplete_frames_are_hidden),
		cmocka_unit_test(test_no_native_stack),
		cmocka_unit_test(test_no_python),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_interpreters_on_one_thread),
		cmocka_unit_test(test_runtimes_on_one_thread),
		cmocka_unit_test(test_inlined_frames_hold_no_mark),
		cmocka_unit_test(test_alternate_signal_stack),
		cmocka_unit_test(test_absurd_marks),
		cmocka_unit_test(test_any_marks_keep_both_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
