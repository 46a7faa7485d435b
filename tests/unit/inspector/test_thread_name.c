/* SPDX-License-Identifier: BSD-2-Clause */
/* threading._active, from the interpreter to the name. */
#include "expect_value.h"

static uint64_t module(struct heap *h, uint64_t dict)
{
	uint64_t at = heap_new(h, "module");

	heap_u64(h, at + h->rt.layout.module_dict, dict);
	return at;
}

static void finds_the_thread(void **state)
{
	struct heap *h = heap_create(3, 10);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t interp = heap_alloc(h, l->interp_size), type = heap_class(h, "Thread", 0);
	uint64_t thread = heap_object(h, type, 64);
	uint64_t name[][2] = {{heap_str(h, "_name"), heap_str(h, "worker-1")}};
	uint64_t active[][2] = {{heap_small(h, 5), heap_small(h, 0)},
				{heap_int(h, (uint32_t[]){1, 2}, 2, false), thread}};
	uint64_t dict[][2] = {
		{heap_str(h, "_active"), heap_dict_of(h, heap_keys(h, active, 2, 0), 0, 2)}};
	uint64_t modules[][2] = {{heap_str(h, "sys"), heap_small(h, 1)},
				 {heap_str(h, "threading"), module(h, heap_dict(h, dict, 1))}};
	struct pyi_tstate ts = {.interp = interp, .thread_id = 1 | (uint64_t)2 << 30};
	struct pyi_thread_names names = {0};
	uint64_t table;
	char *got;

	heap_u64(h, type + l->type_dictoffset, 16);
	heap_u64(h, thread + 16, heap_dict(h, name, 1));
	heap_u64(h, interp + l->interp_modules, heap_dict(h, modules, 2));
	assert_null(pyi_notes_create(NULL, &h->target.notes));
	table = pyi_thread_table(&h->target, &h->rt, interp);
	got = pyi_thread_name(&h->target, &h->rt, &names, table, &ts);
	assert_string_equal(got, "worker-1");
	free(got);
	assert_int_equal(names.threads.len, 2);
	ts.thread_id = 5;
	assert_null(pyi_thread_name(&h->target, &h->rt, &names, table, &ts));
	ts.thread_id = 77;
	assert_null(pyi_thread_name(&h->target, &h->rt, &names, table, &ts));
	assert_null(pyi_thread_name(&h->target, &h->rt, &names, 0, &ts));
	assert_int_equal(pyi_thread_table(&h->target, &h->rt, 0x10), 0);
	/* Noted: no modules are looked at any more. */
	heap_u64(h, interp + l->interp_modules, 0);
	assert_int_equal(pyi_thread_table(&h->target, &h->rt, interp), table);
	pyi_notes_destroy(h->target.notes);
	h->target.notes = NULL;
	assert_int_equal(pyi_thread_table(&h->target, &h->rt, interp), 0);
	pyi_thread_names_deinit(&names);
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
