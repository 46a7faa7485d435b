/* SPDX-License-Identifier: BSD-2-Clause */
/* Code objects: what is read, what is refused, what is remembered. */
#include "expect_value.h"
#include "python/code.h"

static const struct pyi_code *get(struct heap *h, struct pyi_code_cache *cache, uint64_t addr)
{
	const struct pyi_code *code = NULL;
	struct pyi_error *err = pyi_code_get(cache, addr, &code);

	assert_null(err);
	return code;
}

static void expect_error(struct pyi_code_cache *cache, uint64_t addr, const char *why)
{
	const struct pyi_code *code = NULL;
	struct pyi_error *err = pyi_code_get(cache, addr, &code);

	assert_non_null(err);
	assert_non_null(strstr(err->message, why));
	assert_null(code);
	pyi_error_destroy(err);
}

static void reads_all(void **state)
{
	static const char *const names[] = {"a", "kw", "args", "x", "c", "f"};
	static const uint8_t kinds[] = {0x20, 0x20, 0x20, 0x20, 0x40, 0x80};
	static const unsigned minors[] = {11, 12, 13, 14};

	for (size_t i = 0; i < 4; i++) {
		struct heap *h = heap_create(3, minors[i]);
		uint64_t addr = heap_code(h, "work", 0x1 | 0x4, 1, names, kinds, 6);
		struct pyi_code_cache *cache;
		const struct pyi_code *code;

		heap_u32(h, addr + h->rt.layout.code_kwonlyargcount, 1);
		assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
		code = get(h, cache, addr);
		assert_string_equal(code->name, "work");
		assert_string_equal(code->qualname, "work");
		assert_string_equal(code->file, "/app.py");
		assert_string_equal(code->file_raw, "/app.py");
		assert_int_equal(code->firstlineno, 7);
		assert_int_equal(code->flags, 5);
		assert_int_equal(code->linetable_len, 2);
		assert_int_equal(code->linetable[0], 0x80);
		assert_true(code->units == addr + h->rt.layout.code_code);
		assert_int_equal(code->n_locals, 6);
		assert_string_equal(code->locals[4].name, "c");
		assert_int_equal(code->locals[4].kind, PYI_KIND_CELL);
		assert_true(code->locals[2].argument); /* positional, keyword-only, *args */
		assert_false(code->locals[3].argument);
		assert_ptr_equal(get(h, cache, addr), code);
		pyi_code_cache_destroy(cache);
		heap_destroy(h);
	}
}

static void names_before_311(void **state)
{
	struct heap *h = heap_create(3, 8);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t var[] = {heap_str(h, "a"), heap_str(h, "b")}, cell = heap_str(h, "c");
	uint64_t addr, type = heap_type(h, "code", 0);
	struct pyi_code_cache *cache;
	const struct pyi_code *code;

	addr = heap_object(h, type, l->code_size);
	heap_u64(h, addr + l->code_name, heap_str(h, "f"));
	heap_u64(h, addr + l->code_filename, heap_str(h, "f.py"));
	heap_u64(h, addr + l->code_linetable, heap_bytes(h, "", 0));
	heap_u64(h, addr + l->code_varnames, heap_tuple(h, var, 2));
	heap_u64(h, addr + l->code_cellvars, heap_tuple(h, &cell, 1));
	heap_u64(h, addr + l->code_freevars, heap_tuple(h, NULL, 0));
	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	code = get(h, cache, addr); /* recognised by the name of its type alone */
	assert_string_equal(code->qualname, "f");
	assert_int_equal(code->n_locals, 3);
	assert_int_equal(code->locals[1].kind, PYI_KIND_LOCAL);
	assert_int_equal(code->locals[2].kind, PYI_KIND_CELL);
	assert_true(code->units == 0);
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

static void undecodable_file_name(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t addr = heap_code(h, "f", 1, 0, NULL, NULL, 0);
	struct pyi_code_cache *cache;
	const struct pyi_code *code;

	heap_u64(h, addr + h->rt.layout.code_filename,
		 heap_str_units(h, (uint16_t[]){'/', 0xdcff, 0xe9}, 3, 2, false));
	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	code = get(h, cache, addr);
	assert_string_equal(code->file, "/\\udcff\xc3\xa9");
	assert_string_equal(code->file_raw, "/\xff\xc3\xa9");
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

static void refuses(void **state)
{
	static const char *const names[] = {"a"};
	struct heap *h = heap_create(3, 12);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t addr = heap_code(h, "f", 1, 0, names, (const uint8_t[]){0x20}, 1);
	struct pyi_code_cache *cache;
	uint64_t table;

	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	expect_error(cache, heap_str(h, "no"), "no code object");
	expect_error(cache, heap_new(h, "code"), "no code object");
	expect_error(cache, 0, "null pointer");
	expect_error(cache, 0x1000, "cannot read");
	table = heap_str(h, "");
	heap_u64(h, addr + l->code_name, table);
	heap_u64(h, table + l->object_type, 0);
	heap_u64(h, addr + l->code_filename, table);
	expect_error(cache, addr, "its name: ");
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

/* What is wrong in one place does not hide the rest. */
static void keeps_what_is_whole(void **state)
{
	static const char *const names[] = {"a"};
	struct heap *h = heap_create(3, 12);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t addrs[4], table = heap_bytes(h, "", 0);
	const struct pyi_code *code;
	struct pyi_code_cache *cache;

	for (size_t i = 0; i < 4; i++)
		addrs[i] = heap_code(h, "f", 1, 0, names, (const uint8_t[]){0x20}, 1);
	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	heap_u64(h, addrs[0] + l->code_localspluskinds, heap_bytes(h, "  ", 2));
	code = get(h, cache, addrs[0]);
	assert_non_null(strstr(code->damage, "its locals: names and kinds"));
	assert_int_equal(code->n_locals, 0);
	assert_int_equal(code->linetable_len, 2);
	heap_u64(h, addrs[1] + l->code_linetable, table);
	heap_u64(h, table + l->var_size, (uint64_t)1 << 40);
	code = get(h, cache, addrs[1]);
	assert_non_null(strstr(code->damage, "its line table: impossible length"));
	assert_null(code->linetable);
	assert_string_equal(code->name, "f");
	assert_int_equal(code->n_locals, 1);
	heap_u64(h, addrs[2] + l->code_name, heap_bytes(h, "f", 1));
	code = get(h, cache, addrs[2]);
	assert_non_null(strstr(code->damage, "its name: "));
	assert_null(code->name);
	assert_string_equal(code->file, "/app.py");
	assert_null(get(h, cache, addrs[3])->damage);
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

static void remembers_many(void **state)
{
	struct heap *h = heap_create(3, 12);
	const struct pyi_code *codes[300];
	uint64_t addrs[300];
	struct pyi_code_cache *cache;

	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	for (int i = 0; i < 300; i++) {
		addrs[i] = heap_code(h, "f", 1, 0, NULL, NULL, 0);
		codes[i] = get(h, cache, addrs[i]);
	}
	for (int i = 0; i < 300; i++) {
		assert_ptr_equal(get(h, cache, addrs[i]), codes[i]);
		assert_true(codes[i]->addr == addrs[i]);
	}
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
}

/* A tuple that names one long string again and again, in a few pages of memory. */
static void text_is_bounded(void **state)
{
	enum { NAMES = 30000, LENGTH = 60000 };
	struct heap *h = heap_create(3, 12);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t addr = heap_code(h, "f", 1, 0, NULL, NULL, 0);
	char *text = malloc(LENGTH + 1);
	uint64_t *items = calloc(NAMES, sizeof(*items));
	struct pyi_code_cache *cache;
	const struct pyi_code *code;

	assert_true(text && items);
	memset(text, 'x', LENGTH);
	text[LENGTH] = 0;
	items[0] = heap_str(h, text);
	for (size_t i = 1; i < NAMES; i++)
		items[i] = items[0];
	heap_u64(h, addr + l->code_localsplusnames, heap_tuple(h, items, NAMES));
	assert_null(pyi_code_cache_create(&h->target, &h->rt, &cache));
	code = get(h, cache, addr);
	assert_non_null(strstr(code->damage, "too much text"));
	assert_int_equal(code->n_locals, 0);
	pyi_code_cache_destroy(cache);
	heap_destroy(h);
	free(items);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all),
		cmocka_unit_test(names_before_311),
		cmocka_unit_test(undecodable_file_name),
		cmocka_unit_test(refuses),
		cmocka_unit_test(keeps_what_is_whole),
		cmocka_unit_test(text_is_bounded),
		cmocka_unit_test(remembers_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
