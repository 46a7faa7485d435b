/* SPDX-License-Identifier: BSD-2-Clause */
/* Types: names, and what is a built-in exactly. */
#include "expect_value.h"

static void expect_type(struct heap *h, uint64_t obj, const char *name, enum pyi_obj kind)
{
	struct pyi_type type;

	assert_null(pyi_object_type_read(&h->target, &h->rt, obj, &type));
	assert_string_equal(type.name, name);
	assert_int_equal(type.obj, kind);
}

static void builtins(void **state)
{
	struct heap *h = heap_create(3, 12);

	expect_type(h, heap_small(h, 1), "int", PYI_OBJ_INT);
	expect_type(h, heap_str(h, ""), "str", PYI_OBJ_STR);
	expect_type(h, heap_new(h, "float"), "float", PYI_OBJ_FLOAT);
	expect_type(h, heap_new(h, "NoneType"), "NoneType", PYI_OBJ_NONE);
	expect_type(h, heap_new(h, "cell"), "cell", PYI_OBJ_CELL);
	expect_type(h, h->type, "type", PYI_OBJ_TYPE);
	expect_type(h, heap_object(h, heap_type(h, "KeyError", PYI_TPFLAGS_EXCEPTION), 64),
		    "KeyError", PYI_OBJ_EXCEPTION);
	heap_destroy(h);
}

static void look_alikes(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t other_meta = heap_type(h, "int", PYI_TPFLAGS_INT);

	expect_type(h, heap_object(h, heap_class(h, "int", PYI_TPFLAGS_INT), 64), "int",
		    PYI_OBJ_OTHER);
	expect_type(h, heap_new(h, "list"), "list", PYI_OBJ_OTHER); /* no list flag */
	expect_type(h, heap_new(h, "_decimal.float"), "float", PYI_OBJ_OTHER);
	expect_type(h, heap_object(h, heap_type(h, "zlib.error", PYI_TPFLAGS_EXCEPTION), 64),
		    "error", PYI_OBJ_OTHER);
	heap_u64(h, other_meta + h->rt.layout.object_type, heap_class(h, "Meta", 0));
	expect_type(h, heap_object(h, other_meta, 64), "int", PYI_OBJ_OTHER);
	heap_destroy(h);
}

static void python_2(void **state)
{
	struct heap *h = heap_create(2, 7);

	expect_type(h, heap_bytes(h, "", 0), "str", PYI_OBJ_BYTES);
	expect_type(h, heap_object(h, h->str, 64), "unicode", PYI_OBJ_STR);
	expect_type(h, heap_object(h, heap_type(h, "long", PYI_TPFLAGS_INT), 64), "long",
		    PYI_OBJ_LONG);
	heap_destroy(h);
}

static void long_names_are_cut_between_characters(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint16_t units[300];
	uint64_t type = heap_class(h, "x", 0);
	struct pyi_type got;

	for (int i = 0; i < 300; i++)
		units[i] = 0x20ac;
	heap_u64(h, type + h->rt.layout.heaptype_name, heap_str_units(h, units, 300, 2, false));
	assert_null(pyi_type_read(&h->target, &h->rt, type, &got));
	assert_int_equal(strlen(got.name), 255); /* 85 of three bytes */
	heap_destroy(h);
}

static void unreadable(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_object(h, 0x1234, 64);

	assert_null(pyi_type_name(&h->target, &h->rt, obj));
	assert_null(pyi_type_name(&h->target, &h->rt, 0));
	heap_u64(h, obj + h->rt.layout.object_type, obj); /* no type: its name is nowhere */
	assert_null(pyi_type_name(&h->target, &h->rt, obj));
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtins),
		cmocka_unit_test(look_alikes),
		cmocka_unit_test(python_2),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
