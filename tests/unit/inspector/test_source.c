/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_line(const char *text, int line, const char *expected)
{
	char *got = pyi_source_pick(text, strlen(text), line);

	if (expected)
		assert_string_equal(got, expected);
	else
		assert_null(got);
	free(got);
}

static void test_lines(void **state)
{
	static const char text[] = "first\n\tsecond  \r\nthird\rfourth\n\nlast";

	assert_line(text, 1, "first");
	assert_line(text, 2, "second");
	assert_line(text, 3, "third");
	assert_line(text, 4, "fourth");
	assert_line(text, 5, "");
	assert_line(text, 6, "last");
	assert_line(text, 7, NULL);
	assert_line("", 1, NULL);
	assert_line("one\n", 2, NULL);
}

static void test_encodings(void **state)
{
	assert_line("s = '\xc3\xa9'", 1, "s = '\xc3\xa9'");
	assert_line("s = '\xe9'", 1, "s = '\\xe9'"); /* not UTF-8, no cookie */
	assert_line("# -*- coding: latin-1 -*-\ns = '\xe9'", 2, "s = '\xc3\xa9'");
	assert_line("#!/usr/bin/python\n# vim: set fileencoding=ISO-8859-1 :\n\xe9", 3, "\xc3\xa9");
	assert_line("\n\n# coding: latin-1\n\xe9", 4, "\\xe9"); /* too late */
	assert_line("x = 'coding: latin-1'\n\xe9", 2, "\\xe9"); /* no comment */
	assert_line("# coding: latin-15\n\xe9", 2, "\\xe9");
	assert_line("# coding: utf-8\n\xc3\xa9", 2, "\xc3\xa9");
}

static void test_long_line_is_cut(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len), *got;

	memset(text, 'x', len);
	got = pyi_source_pick(text, len, 1);
	assert_int_equal(strlen(got), 4096);
	free(got);
	free(text);
}

static void test_what_is_no_file(void **state)
{
	struct pyi_target target = {.kind = PYI_TARGET_CORE};
	struct pyi_sources *sources;

	assert_null(pyi_sources_create(&target, &sources));
	assert_null(pyi_source_line(sources, "<string>", 1));
	assert_null(pyi_source_line(sources, "<frozen importlib._bootstrap>", 1));
	assert_null(pyi_source_line(sources, "", 1));
	assert_null(pyi_source_line(sources, NULL, 1));
	assert_null(pyi_source_line(sources, "relative.py", 1));
	assert_null(pyi_source_line(sources, "<string>", 0));
	pyi_sources_destroy(sources);
	pyi_sources_destroy(NULL);
}

/* A snapshot brings lines along; what is not noted is not looked for. */
static void test_noted(void **state)
{
	struct pyi_target target = {.kind = PYI_TARGET_SNAPSHOT};
	struct pyi_sources *sources;
	char *line;

	assert_null(pyi_notes_create(NULL, &target.notes));
	pyi_notes_put(target.notes, "sources", json_string("x = 1"), "%d %s", 7, "/gone.py");
	pyi_notes_put(target.notes, "sources", json_null(), "%d %s", 8, "/gone.py");
	assert_null(pyi_sources_create(&target, &sources));
	line = pyi_source_line(sources, "/gone.py", 7);
	assert_string_equal(line, "x = 1");
	free(line);
	assert_null(pyi_source_line(sources, "/gone.py", 8));
	assert_null(pyi_source_line(sources, "/etc/passwd", 1));
	assert_null(pyi_source_line(sources, "/gone.py", 0));
	assert_null(pyi_source_line(sources, NULL, 7));
	pyi_sources_destroy(sources);
	pyi_notes_destroy(target.notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),           cmocka_unit_test(test_noted),
		cmocka_unit_test(test_encodings),       cmocka_unit_test(test_long_line_is_cut),
		cmocka_unit_test(test_what_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
