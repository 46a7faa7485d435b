/* SPDX-License-Identifier: BSD-2-Clause */
/* Durations, sums and what a loss leaves of them, from records as the kernel would send them. */
#include "trace/calltree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MAIN = 0x1000, LEAF = 0x2000, TID = 7 };

struct fixture {
	struct pyi_runtime rt;
	struct pyi_functions *functions;
	struct pyi_calltree *tree;
	uint32_t seq;
	struct pyi_trace_event event; /* of the last record */
};

/* A compact ASCII str as it stands in memory. */
static uint32_t fake_str(const struct pyi_layout *l, uint8_t *bytes, const char *text)
{
	uint64_t length = strlen(text);
	uint32_t state = 1 << 2 | 1 << 5 | 1 << 6;

	memset(bytes, 0, l->str_ascii_data);
	memcpy(bytes + l->str_length, &length, 8);
	memcpy(bytes + l->str_state, &state, 4);
	memcpy(bytes + l->str_ascii_data, text, length);
	return (uint32_t)(l->str_ascii_data + length);
}

static void describe(struct fixture *f, uint64_t code, const char *name)
{
	struct pyi_code_record record = {.type = PYI_RECORD_CODE,
					 .ident = 5,
					 .code = code,
					 .name = 0x5000,
					 .file = 0x6000,
					 .firstlineno = 3};

	record.name_got = fake_str(&f->rt.layout, record.name_bytes, name);
	record.file_got = fake_str(&f->rt.layout, record.file_bytes, "/a\n.py");
	assert_null(pyi_functions_add(f->functions, &record));
}

static void add(struct fixture *f, uint64_t t_ns, uint64_t code, uint32_t depth,
		enum pyi_frame_event event)
{
	struct pyi_frame_record record = {.type = PYI_RECORD_FRAME,
					  .tid = TID,
					  .t_ns = t_ns,
					  .code = code,
					  .ident = code ? 5 : 0,
					  .seq = ++f->seq,
					  .depth = depth,
					  .event = event};

	assert_null(pyi_calltree_add(f->tree, &record, &f->event));
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->rt.layout = *pyi_layout_for(3, 12, 0);
	assert_null(pyi_functions_create(&f->rt, &(struct pyi_function_filter){.name = "l*"},
					 &f->functions));
	assert_null(pyi_calltree_create(f->functions, &f->tree));
	describe(f, MAIN, "main");
	describe(f, LEAF, "leaf");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	pyi_calltree_destroy(f->tree);
	pyi_functions_destroy(f->functions);
	free(f);
	return 0;
}

static void names_and_filter(void **state)
{
	struct fixture *f = *state;
	const struct pyi_function *leaf = pyi_functions_find(f->functions, LEAF, 5);

	assert_string_equal(leaf->qualname, "leaf");
	assert_string_equal(leaf->file, "/a\\n.py");
	assert_string_equal(leaf->json, "\"function\":\"leaf\",\"file\":\"/a\\n.py\",\"line\":3");
	assert_true(leaf->wanted);
	assert_false(pyi_functions_find(f->functions, MAIN, 5)->wanted);
	/* Another code object at the same address. */
	assert_string_equal(pyi_functions_find(f->functions, LEAF, 6)->qualname, "???");
}

static void own_time_is_without_the_callees(void **state)
{
	struct fixture *f = *state;
	const struct pyi_function *main_function = pyi_functions_find(f->functions, MAIN, 5);

	add(f, 100, MAIN, 1, PYI_FRAME_CALL);
	add(f, 130, LEAF, 2, PYI_FRAME_CALL);
	assert_false(f->event.timed);
	add(f, 150, LEAF, 2, PYI_FRAME_RETURN);
	assert_true(f->event.timed);
	assert_int_equal(f->event.duration_ns, 20);
	add(f, 160, LEAF, 2, PYI_FRAME_CALL);
	add(f, 190, LEAF, 2, PYI_FRAME_UNWIND);
	add(f, 200, MAIN, 1, PYI_FRAME_RETURN);
	assert_int_equal(main_function->total_ns, 100);
	assert_int_equal(main_function->self_ns, 50);
	assert_int_equal(f->event.function->calls, 1);
	assert_int_equal(pyi_functions_find(f->functions, LEAF, 5)->calls, 2);
	assert_int_equal(pyi_functions_find(f->functions, LEAF, 5)->min_ns, 20);
	assert_int_equal(pyi_functions_find(f->functions, LEAF, 5)->max_ns, 30);
}

static void a_recursion_counts_once(void **state)
{
	struct fixture *f = *state;

	add(f, 100, LEAF, 1, PYI_FRAME_CALL);
	add(f, 110, LEAF, 2, PYI_FRAME_CALL);
	add(f, 120, LEAF, 2, PYI_FRAME_RETURN);
	add(f, 130, LEAF, 1, PYI_FRAME_RETURN);
	assert_int_equal(f->event.function->total_ns, 30);
	assert_int_equal(f->event.function->self_ns, 30);
	assert_int_equal(f->event.function->each_ns, 40);
}

static void frames_older_than_the_trace(void **state)
{
	struct fixture *f = *state;

	/* Nothing was seen of these two. */
	add(f, 100, LEAF, 3, PYI_FRAME_RETURN);
	assert_false(f->event.timed);
	add(f, 110, LEAF, 3, PYI_FRAME_CALL);
	add(f, 115, LEAF, 3, PYI_FRAME_RETURN);
	assert_int_equal(f->event.duration_ns, 5);
	add(f, 120, MAIN, 2, PYI_FRAME_RETURN);
	assert_false(f->event.timed);
	assert_string_equal(f->event.function->qualname, "main");
}

static void an_exit_without_code_is_the_open_call(void **state)
{
	struct fixture *f = *state;

	add(f, 100, LEAF, 1, PYI_FRAME_CALL);
	add(f, 107, 0, 1, PYI_FRAME_RETURN);
	assert_string_equal(f->event.function->qualname, "leaf");
	assert_int_equal(f->event.duration_ns, 7);
}

static void a_loss_is_counted_and_forgets_durations(void **state)
{
	struct fixture *f = *state;

	add(f, 100, MAIN, 1, PYI_FRAME_CALL);
	f->seq += 4;
	add(f, 200, LEAF, 2, PYI_FRAME_CALL);
	assert_int_equal(f->event.lost, 4);
	add(f, 210, LEAF, 2, PYI_FRAME_RETURN);
	assert_int_equal(f->event.duration_ns, 10);
	assert_int_equal(f->event.lost, 0);
	add(f, 220, MAIN, 1, PYI_FRAME_RETURN);
	assert_false(f->event.timed);
}

static void impossible_records_are_refused(void **state)
{
	struct fixture *f = *state;
	struct pyi_frame_record record = {.tid = TID, .seq = 1, .depth = UINT32_MAX};
	struct pyi_error *err = pyi_calltree_add(f->tree, &record, &f->event);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	pyi_error_destroy(err);
	record = (struct pyi_frame_record){.tid = TID, .seq = 1, .depth = 1, .event = 77};
	err = pyi_calltree_add(f->tree, &record, &f->event);
	assert_non_null(err);
	pyi_error_destroy(err);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_and_filter),
		TEST(own_time_is_without_the_callees),
		TEST(a_recursion_counts_once),
		TEST(frames_older_than_the_trace),
		TEST(an_exit_without_code_is_the_open_call),
		TEST(a_loss_is_counted_and_forgets_durations),
		TEST(impossible_records_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
