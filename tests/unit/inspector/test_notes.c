/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void test_tables(void **state)
{
	struct pyi_notes *notes;

	assert_null(pyi_notes_create(NULL, &notes));
	assert_null(pyi_notes_get(notes, "fds", "%d", 3));
	pyi_notes_put(notes, "fds", json_string("pipe"), "%d", 3);
	pyi_notes_put(notes, "names", json_true(), "%d", 3);
	pyi_notes_put(notes, "fds", json_null(), "%d", 4);
	assert_string_equal(pyi_notes_string(pyi_notes_get(notes, "fds", "%d", 3)), "pipe");
	assert_true(json_is_true(pyi_notes_get(notes, "names", "%d", 3)));
	assert_true(json_is_null(pyi_notes_get(notes, "fds", "%d", 4)));
	assert_null(pyi_notes_get(notes, "fds", "%d", 5));
	pyi_notes_destroy(notes);
}

static void test_no_notes(void **state)
{
	assert_null(pyi_notes_get(NULL, "fds", "%d", 3));
	pyi_notes_put(NULL, "fds", json_string("dropped"), "%d", 3);
	pyi_notes_destroy(NULL);
}

static void test_values_that_cannot_be_kept(void **state)
{
	struct pyi_notes *notes;

	assert_null(pyi_notes_create(NULL, &notes));
	pyi_notes_put(notes, "fds", NULL, "%d", 3);
	assert_null(pyi_notes_get(notes, "fds", "%d", 3));
	pyi_notes_destroy(notes);
}

/* What comes back from a file is a copy, and keys find it again. */
static void test_data(void **state)
{
	struct pyi_notes *notes, *again;

	assert_null(pyi_notes_create(NULL, &notes));
	pyi_notes_put(notes, "sources", pyi_notes_text("x = 1"), "%d %s", 7, "/a/\xff.py");
	assert_null(pyi_notes_create(pyi_notes_data(notes), &again));
	pyi_notes_destroy(notes);
	assert_string_equal(
		pyi_notes_string(pyi_notes_get(again, "sources", "%d %s", 7, "/a/\xff.py")),
		"x = 1");
	pyi_notes_destroy(again);
}

static void test_foreign_data(void **state)
{
	struct pyi_notes *notes = (void *)1;
	json_t *list = json_pack("[i]", 1), *odd = json_pack("{s[i]s{s[]}}", "fds", 1, "a", "b");
	struct pyi_error *err = pyi_notes_create(list, &notes);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	assert_ptr_equal(notes, (void *)1);
	pyi_error_destroy(err);
	assert_null(pyi_notes_create(odd, &notes));
	assert_null(pyi_notes_get(notes, "fds", "%d", 0));
	pyi_notes_put(notes, "fds", json_true(), "%d", 0); /* a table that is none */
	assert_null(pyi_notes_get(notes, "fds", "%d", 0));
	assert_null(pyi_notes_string(pyi_notes_get(notes, "a", "b")));
	pyi_notes_destroy(notes);
	json_decref(list);
	json_decref(odd);
}

static void test_text(void **state)
{
	json_t *text = pyi_notes_text("a\xff"), *none = pyi_notes_text(NULL);

	assert_string_equal(pyi_notes_string(text), "a\\xff");
	assert_true(json_is_null(none));
	assert_null(pyi_notes_string(none));
	json_decref(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_no_notes),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_values_that_cannot_be_kept),
		cmocka_unit_test(test_foreign_data),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
