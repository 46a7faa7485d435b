/* SPDX-License-Identifier: BSD-2-Clause */
/* Where frames stand, and that each place is worked out once. */
#include "expect_value.h"
#include "report/places.h"

#define MANY 1000

struct fixture {
	struct heap *h;
	struct pyi_code_cache *codes;
	struct pyi_sources *sources;
	struct pyi_places *places;
	uint64_t code;
};

static int setup(void **state)
{
	static const char *const names[] = {"a"};
	static const uint8_t kinds[] = {0x20};
	struct fixture *f = calloc(1, sizeof(*f));

	f->h = heap_create(3, 11);
	f->h->target.kind = PYI_TARGET_CORE;
	f->code = heap_code(f->h, "work", 1, 1, names, kinds, 1);
	assert_null(pyi_code_cache_create(&f->h->target, &f->h->rt, &f->codes));
	assert_null(pyi_sources_create(&f->h->target, &f->sources));
	assert_null(pyi_places_create(f->sources, &f->places));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	pyi_places_destroy(f->places);
	pyi_sources_destroy(f->sources);
	pyi_code_cache_destroy(f->codes);
	heap_destroy(f->h);
	free(f);
	return 0;
}

static const struct pyi_place *get(struct fixture *f, uint64_t lasti_units)
{
	struct pyi_py_frame frame = {.code = f->code, .lasti_units = lasti_units};
	const struct pyi_place *place = NULL;

	assert_null(pyi_places_get(f->places, &f->h->rt, f->codes, &frame, &place));
	assert_string_equal(place->code->name, "work");
	return place;
}

static void a_place_has_its_line(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, 0)->line, 7);
	assert_int_equal(get(f, 0)->column, 1);
	assert_int_equal(get(f, UINT64_MAX)->line, 7); /* not started: that of the function */
	assert_int_equal(get(f, UINT64_MAX)->column, 0);
	assert_int_equal(get(f, 5)->line, 0);
	assert_null(get(f, 0)->source); /* there is no such file */
}

static void many_places_keep_apart(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 2; round++)
		for (uint64_t i = 0; i < MANY; i++)
			assert_int_equal(get(f, i)->line, i ? 0 : 7);
	/* Each was worked out in the first round. */
	heap_u64(f->h, f->code + f->h->rt.layout.code_linetable, 0);
	assert_int_equal(get(f, 0)->line, 7);
}

static void no_code_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct pyi_py_frame frame = {.code = heap_small(f->h, 1)};
	const struct pyi_place *place = NULL;

	for (int i = 0; i < 2; i++) {
		struct pyi_error *err =
			pyi_places_get(f->places, &f->h->rt, f->codes, &frame, &place);

		assert_non_null(err);
		assert_null(place);
		pyi_error_destroy(err);
	}
	assert_int_equal(get(f, 0)->line, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_place_has_its_line, setup, teardown),
		cmocka_unit_test_setup_teardown(many_places_keep_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(no_code_is_an_error, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
