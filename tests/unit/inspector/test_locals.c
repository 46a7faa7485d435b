/* SPDX-License-Identifier: BSD-2-Clause */
/* The bound locals of frames: slots, cells, tags, namespaces. */
#include "expect_value.h"

static uint64_t cell(struct heap *h, uint64_t content)
{
	uint64_t at = heap_new(h, "cell");

	heap_u64(h, at + h->rt.layout.cell_value, content);
	return at;
}

/* "name=address kind" of each local, joined. */
static void expect_locals(struct heap *h, uint64_t code, uint64_t frame, const char *want)
{
	struct pyi_py_frame f = {.addr = frame, .code = code};
	struct pyi_code_cache *cache;
	struct pyi_locals locals;
	char got[500] = "";

	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	assert_null(pyi_locals_read(&h->target, &h->rt, cache, &f, &locals));
	pyi_vec_for_each (l, &locals.locals) {
		struct pyi_value value = heap_read(h, l->obj, 0);
		uint64_t word;

		assert_null(pyi_mem_read_u64(h->target.mem, l->slot, &word));
		assert_true((word & ~(uint64_t)1) == l->obj);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%s%c ", l->name,
			 value.repr, "alcf"[l->kind]);
		pyi_value_deinit(&value);
	}
	assert_string_equal(got, want);
	pyi_locals_deinit(&locals);
	pyi_code_cache_destroy(cache);
}

static const char *const names[] = {"arg", "captured", "unbound", "loc", "cell", "early", "free"};
static const uint8_t kinds[] = {0x20, 0x60, 0x20, 0x20, 0x40, 0x40, 0x80};

static void function(void **state)
{
	static const unsigned minors[] = {11, 12, 13, 14, 15};

	for (size_t i = 0; i < 5; i++) {
		struct heap *h = heap_create(3, minors[i]);
		bool tagged = h->rt.layout.how_locals == PYI_LOCALS_TAGGED;
		uint64_t frame = heap_alloc(h, 400), slots = frame + h->rt.layout.frame_localsplus;

		assert_int_equal(tagged, minors[i] >= 14);
		heap_u64(h, slots, heap_small(h, 1) | tagged); /* borrowed */
		heap_u64(h, slots + 8, cell(h, heap_small(h, 2)));
		heap_u64(h, slots + 16, tagged);
		heap_u64(h, slots + 24, heap_small(h, 3));
		heap_u64(h, slots + 32, cell(h, 0));       /* made, nothing in it yet */
		heap_u64(h, slots + 40, heap_small(h, 5)); /* MAKE_CELL has not run */
		heap_u64(h, slots + 48, cell(h, heap_small(h, 6)));
		expect_locals(h, heap_code(h, "f", 1, 2, names, kinds, 7), frame,
			      "arg=1a captured=2a loc=3l early=5c free=6f ");
		heap_destroy(h);
	}
}

static void tagged_ints_are_no_objects(void **state)
{
	struct heap *h = heap_create(3, 15);
	uint64_t frame = heap_alloc(h, 400), slots = frame + h->rt.layout.frame_localsplus;

	heap_u64(h, slots, 7 << 2 | 3);
	heap_u64(h, slots + 8, 2);
	expect_locals(h, heap_code(h, "f", 1, 0, names, kinds, 2), frame, "");
	heap_destroy(h);
}

static void module_and_class(void **state)
{
	static const uint8_t hidden[] = {0x30, 0x20};
	struct heap *h = heap_create(3, 12);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t frame = heap_alloc(h, 400);
	uint64_t pairs[][2] = {{heap_str(h, "attr"), heap_small(h, 4)}};
	uint64_t global[][2] = {{heap_str(h, "g"), heap_small(h, 0)}};
	uint64_t globals = heap_dict(h, global, 1),
		 code = heap_code(h, "<module>", 0, 0, names, hidden, 2);

	heap_u64(h, frame + l->frame_globals, globals);
	heap_u64(h, frame + l->frame_locals, globals);
	expect_locals(h, code, frame, "");
	heap_u64(h, frame + l->frame_locals, heap_dict(h, pairs, 1));
	expect_locals(h, code, frame, "attr=4l ");
	/* The variable of an inlined comprehension; an ordinary slot of a class is not shown. */
	heap_u64(h, frame + l->frame_localsplus, heap_small(h, 9));
	heap_u64(h, frame + l->frame_localsplus + 8, heap_small(h, 8));
	expect_locals(h, code, frame, "attr=4l arg=9l ");
	heap_destroy(h);
}

static void shim_and_damage(void **state)
{
	struct heap *h = heap_create(3, 12);
	struct pyi_py_frame f = {.addr = 0x1000, .shim = true};
	struct pyi_code_cache *cache;
	struct pyi_locals locals = {0};
	struct pyi_error *err;

	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	assert_null(pyi_locals_read(&h->target, &h->rt, cache, &f, &locals));
	assert_int_equal(locals.locals.len, 0);
	f.shim = false;
	f.code = heap_code(h, "f", 1, 2, names, kinds, 7);
	err = pyi_locals_read(&h->target, &h->rt, cache, &f, &locals);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	pyi_error_destroy(err);
	pyi_locals_deinit(&locals);
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(function),
		cmocka_unit_test(tagged_ints_are_no_objects),
		cmocka_unit_test(module_and_class),
		cmocka_unit_test(shim_and_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
