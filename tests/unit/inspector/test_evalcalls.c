/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Synthetic stacks in a byte buffer. A text has a letter for each native frame, innermost first:
 * E eval, C the eval function's part that has no name, G glue of the interpreter, x another module.
 * Frame i of a chain has the address FRAME(chain, i). What is expected is, for each native frame,
 * the number of the Python frame that it runs, or a dot.
 */
#include "report/evalcalls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAX             32
#define STACK           0x7f0000000000ull
#define PART            0x100u
#define FRAME(chain, i) (0x5500000000ull + (chain)*0x10000u + (i)*0x200u)

struct fixture {
	struct pyi_mem *mem;
	uint8_t bytes[MAX * PART];
	struct pyi_report_frame native[MAX], python[2][MAX];
	struct pyi_merge_chain chains[2];
	size_t n_native, n_chains;
	struct pyi_runtime rt;
};

static void setup(struct fixture *f, const char *native, size_t n_python)
{
	static const struct {
		char letter;
		uint64_t start;
	} kinds[] = {{'E', 0x1000}, {'C', 0x9000}, {'G', 0x3000}, {'x', 0x100000}};

	memset(f, 0, sizeof(*f));
	f->rt.eval_lo = 0x1000;
	f->rt.eval_hi = 0x2000;
	assert_null(pyi_mem_create(&f->mem));
	assert_null(pyi_mem_add_buffer(f->mem, STACK, f->bytes, sizeof(f->bytes)));
	for (; native[f->n_native]; f->n_native++) {
		struct pyi_report_frame *frame = &f->native[f->n_native];

		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (kinds[k].letter == native[f->n_native])
				frame->start = kinds[k].start;
		frame->pc = frame->start + 0x123;
		frame->runtime = native[f->n_native] == 'x' ? -1 : 0;
		frame->sp = STACK + f->n_native * PART;
		frame->cfa = frame->sp + PART;
	}
	for (size_t c = 0; c < 2; c++) {
		f->chains[c].frames = f->python[c];
		for (size_t i = 0; i < MAX; i++)
			f->python[c][i].address = FRAME(c, i);
	}
	f->chains[0].n = n_python;
	f->n_chains = 1;
}

/* The address of a Python frame stands in a native frame's stack part. */
static void put(struct fixture *f, size_t native, size_t chain, size_t frame)
{
	uint64_t address = FRAME(chain, frame);

	memcpy(f->bytes + native * PART + 0x48 + 8 * frame, &address, sizeof(address));
}

static void expect(struct fixture *f, const char *expected)
{
	char got[MAX + 1] = "";

	assert_null(
		pyi_evalcalls_find(f->mem, &f->rt, f->native, f->n_native, f->chains, f->n_chains));
	for (size_t i = 0; i < f->n_native; i++) {
		got[i] = '.';
		for (size_t c = 0; c < f->n_chains; c++)
			for (size_t p = 0; p < f->chains[c].n; p++)
				if (f->native[i].address == FRAME(c, p))
					got[i] = (char)((c ? 'a' : '0') + (char)p);
	}
	pyi_mem_destroy(f->mem);
	assert_string_equal(got, expected);
}

static void as_many_calls_as_frames(void **state)
{
	struct fixture f;

	setup(&f, "xGEGExEG", 3);
	expect(&f, "..0.1.2.");
	setup(&f, "xGEG", 0);
	expect(&f, "....");
	setup(&f, "", 2);
	expect(&f, "");
}

/* A call that has no frame yet: what holds an address is placed, and gaps of equal number. */
static void a_call_too_many(void **state)
{
	struct fixture f;

	setup(&f, "xEGEGEGE", 3);
	put(&f, 3, 0, 0);
	expect(&f, "...0.1.2");
	setup(&f, "xEGEGEGE", 3);
	put(&f, 5, 0, 1);
	expect(&f, ".....1.2");
	/* Nothing is known: nothing is guessed. */
	setup(&f, "xEGEGEGE", 3);
	expect(&f, "........");
}

static void a_frame_too_many(void **state)
{
	struct fixture f;

	setup(&f, "xEGEGE", 4);
	put(&f, 1, 0, 1);
	put(&f, 3, 0, 2);
	expect(&f, ".1.2.3");
}

/* The glue around a call holds its frame, too. */
static void only_eval_calls_run_frames(void **state)
{
	struct fixture f;

	setup(&f, "xGEGEE", 2);
	put(&f, 1, 0, 0);
	put(&f, 2, 0, 0);
	put(&f, 3, 0, 0);
	put(&f, 4, 0, 1);
	expect(&f, "..0.1.");
}

static void the_nameless_part_of_a_split_function(void **state)
{
	struct fixture f;

	setup(&f, "xGCGEGCG", 3);
	put(&f, 2, 0, 0);
	put(&f, 6, 0, 2);
	expect(&f, "..0.1.2.");
	/* All calls are in that part. */
	setup(&f, "xGCGCGGG", 2);
	put(&f, 2, 0, 0);
	put(&f, 4, 0, 1);
	expect(&f, "..0.1...");
}

static void not_any_function_of_fitting_number(void **state)
{
	struct fixture f;

	/* Right in number, but without the addresses. */
	setup(&f, "xCCCG", 3);
	put(&f, 1, 0, 0);
	expect(&f, ".....");
	/* The addresses, but not as many. */
	setup(&f, "xCCCCG", 3);
	put(&f, 1, 0, 0);
	put(&f, 2, 0, 1);
	put(&f, 3, 0, 2);
	expect(&f, "......");
	/* Not of the interpreter. */
	setup(&f, "xxx", 3);
	for (size_t i = 0; i < 3; i++)
		put(&f, i, 0, i);
	expect(&f, "...");
}

static void the_order_is_kept(void **state)
{
	struct fixture f;

	setup(&f, "EEE", 4);
	put(&f, 0, 0, 2);
	put(&f, 2, 0, 1);
	/* Of two that contradict each other the inner frame counts. */
	expect(&f, "..1");
}

static void an_interpreter_called_by_another(void **state)
{
	struct fixture f;

	/* Whatever the order in which they come. */
	setup(&f, "EGEGEGEG", 2);
	f.chains[1].n = 2;
	f.n_chains = 2;
	put(&f, 0, 1, 0);
	put(&f, 4, 0, 0);
	expect(&f, "a.b.0.1.");
	/* Fewer than half are proven. */
	setup(&f, "EGEGEGEG", 2);
	f.chains[1].n = 2;
	f.n_chains = 2;
	put(&f, 0, 1, 0);
	expect(&f, "a.......");
}

static void interpreters_that_take_turns(void **state)
{
	struct fixture f;

	setup(&f, "EGEGEGE", 2);
	f.chains[1].n = 2;
	f.n_chains = 2;
	put(&f, 0, 1, 0);
	put(&f, 2, 0, 0);
	put(&f, 6, 1, 1);
	expect(&f, "a.....b");
}

static void stacks_that_cannot_be_read(void **state)
{
	struct fixture f;

	setup(&f, "EEE", 2);
	put(&f, 0, 0, 0);
	f.native[0].cfa = UINT64_MAX;
	f.native[1].sp = f.native[1].cfa = 0;
	f.native[2].sp = STACK - PART;
	expect(&f, "0.1");
	setup(&f, "EEE", 2);
	f.native[2].sp = STACK - PART;
	put(&f, 0, 0, 0);
	expect(&f, "0..");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_calls_as_frames),
		cmocka_unit_test(a_call_too_many),
		cmocka_unit_test(a_frame_too_many),
		cmocka_unit_test(only_eval_calls_run_frames),
		cmocka_unit_test(the_nameless_part_of_a_split_function),
		cmocka_unit_test(not_any_function_of_fitting_number),
		cmocka_unit_test(the_order_is_kept),
		cmocka_unit_test(an_interpreter_called_by_another),
		cmocka_unit_test(interpreters_that_take_turns),
		cmocka_unit_test(stacks_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
