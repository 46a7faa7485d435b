/* SPDX-License-Identifier: BSD-2-Clause */
/* int, bool, float, complex objects of each layout. */
#include "expect_value.h"

static const unsigned minors[] = {6, 8, 11, 12, 13, 14};

static void ints_of_every_layout(void **state)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct heap *h = heap_create(3, minors[i]);

		expect_repr(h, heap_small(h, 0), "0");
		expect_repr(h, heap_small(h, 42), "42");
		expect_repr(h, heap_int(h, (uint32_t[]){42}, 1, true), "-42");
		expect_repr(h, heap_int(h, (uint32_t[]){0, 1}, 2, true), "-1073741824");
		expect_repr(h, heap_int(h, (uint32_t[]){0, 0, 16}, 3, false),
			    "18446744073709551616");
		heap_destroy(h);
	}
}

static void ints_of_limbs(void **state)
{
	struct heap *h = heap_create(3, 11);

	h->rt.layout.how_int = PYI_INT_LIMBS;
	expect_repr(h, heap_int(h, NULL, 0, false), "0");
	expect_repr(h, heap_int(h, (uint32_t[]){UINT32_MAX, UINT32_MAX}, 2, true),
		    "-18446744073709551615");
	expect_repr(h, heap_int(h, (uint32_t[]){0, 0, 1, 0}, 4, false), "18446744073709551616");
	heap_destroy(h);
}

static void ints_that_are_none(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t obj = heap_small(h, 1);

	heap_u64(h, obj + h->rt.layout.var_size, (uint64_t)1 << 62);
	expect_unreadable(h, obj, "no int");
	heap_u64(h, obj + h->rt.layout.var_size, (uint64_t)INT64_MIN);
	expect_unreadable(h, obj, "no int");
	heap_u64(h, obj + h->rt.layout.var_size, 1 << 30);
	expect_unreadable(h, obj, "cannot read");
	heap_u64(h, obj + h->rt.layout.var_size, 1);
	heap_u32(h, obj + h->rt.layout.int_digits, 1u << 30);
	expect_unreadable(h, obj, "impossible int digit");
	heap_destroy(h);
}

static void ints_are_cut_to_a_prefix(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_int(h, (uint32_t[]){0, 0, 16}, 3, true);
	uint32_t *huge = calloc(20000, sizeof(*huge));
	struct pyi_value value;

	expect_cut(h, obj, 5, "-1844");
	huge[19999] = 7; /* 7 * 2^599970, about 180,000 digits */
	obj = heap_int(h, huge, 20000, true);
	value = heap_read(h, obj, 50000);
	assert_true(value.truncated);
	assert_false(value.unreadable);
	assert_int_equal(strlen(value.repr), 1001);
	/* As python3 -c 'print(7 * 2**599970)' begins. */
	assert_memory_equal(value.repr, "-6480321594059851594510806401819468154258", 41);
	pyi_value_deinit(&value);
	free(huge);
	heap_destroy(h);
}

static void int_values(void **state)
{
	struct heap *h = heap_create(3, 11);
	uint64_t value = 5, obj = heap_int(h, (uint32_t[]){0x3fffffff, 0x3fffffff, 15}, 3, false);
	struct pyi_error *err;

	assert_null(pyi_int_read(&h->target, &h->rt, obj, &value));
	assert_true(value == UINT64_MAX);
	obj = heap_int(h, (uint32_t[]){0, 0, 16}, 3, false);
	err = pyi_int_read(&h->target, &h->rt, obj, &value);
	assert_non_null(err);
	pyi_error_destroy(err);
	err = pyi_int_read(&h->target, &h->rt, heap_str(h, "x"), &value);
	assert_non_null(err);
	pyi_error_destroy(err);
	assert_true(value == UINT64_MAX);
	heap_destroy(h);
}

static void bools(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t type = heap_type(h, "bool", PYI_TPFLAGS_INT), yes = heap_small(h, 1);
	uint64_t no = heap_small(h, 0);

	heap_u64(h, yes + h->rt.layout.object_type, type);
	heap_u64(h, no + h->rt.layout.object_type, type);
	expect_repr(h, yes, "True");
	expect_repr(h, no, "False");
	heap_destroy(h);
}

static uint64_t complex_object(struct heap *h, uint64_t type, double re, double im)
{
	uint64_t at = heap_object(h, type, 32);

	heap_put(h, at + h->rt.layout.complex_real, &re, 8);
	heap_put(h, at + h->rt.layout.complex_real + 8, &im, 8);
	return at;
}

static void floats_and_complex(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t type = heap_type(h, "complex", 0), obj = heap_new(h, "float");
	double value = -2.5e-7;

	heap_put(h, obj + h->rt.layout.float_value, &value, 8);
	expect_repr(h, obj, "-2.5e-07");
	expect_repr(h, complex_object(h, type, 0.0, 2), "2j");
	expect_repr(h, complex_object(h, type, -0.0, -2), "(-0-2j)");
	expect_repr(h, complex_object(h, type, 1.5, __builtin_nan("")), "(1.5+nanj)");
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ints_of_every_layout), cmocka_unit_test(ints_of_limbs),
		cmocka_unit_test(ints_that_are_none),   cmocka_unit_test(ints_are_cut_to_a_prefix),
		cmocka_unit_test(int_values),           cmocka_unit_test(bools),
		cmocka_unit_test(floats_and_complex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
