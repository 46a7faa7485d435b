/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/print.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_escapes(const char *raw, size_t len, const char *expected)
{
	struct pyi_strbuf once = PYI_STRBUF_INIT, twice = PYI_STRBUF_INIT;
	char *text;

	pyi_print_escape(&once, raw, len);
	text = pyi_strbuf_steal(&once);
	assert_string_equal(text, expected);
	pyi_print_escape(&twice, text, strlen(text));
	free(text);
	text = pyi_strbuf_steal(&twice);
	assert_string_equal(text, expected);
	free(text);
}

static void test_escape(void **state)
{
	static const struct {
		const char *raw, *expected;
	} rows[] = {
		{"plain ~ text", "plain ~ text"},
		{"C:\\dir", "C:\\dir"},
		{"a\tb\nc\rd", "a\\tb\\nc\\rd"},
		{"\033[31m\a\b\177", "\\x1b[31m\\x07\\x08\\x7f"},
		{"\xc2\x9b"
		 "31m",
		 "\\x9b31m"},      /* C1 CSI as UTF-8 */
		{"\x9b", "\\x9b"}, /* and as a raw byte */
		{"x\xe2\x80\xa8y\xe2\x80\xa9", "x\\u2028y\\u2029"},
		{"\xe2\x80\xae"
		 "evil\xe2\x81\xa6",
		 "\\u202eevil\\u2066"},
		{"\xe2\x80\x8f\xef\xbb\xbf", "\\u200f\\ufeff"},
		{"\xf3\xa0\x80\xa1", "\\U000e0021"},
		{"na\xc3\xafve \xe6\x97\xa5\xf0\x9f\x90\x8d",
		 "na\xc3\xafve \xe6\x97\xa5\xf0\x9f\x90\x8d"},
		{"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
		{"\xe6\x97", "\\xe6\\x97"}, /* cut */
		{"\xff"
		 "a",
		 "\\xffa"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_escapes(rows[i].raw, strlen(rows[i].raw), rows[i].expected);
	assert_escapes("a\0b", 3, "a\\x00b");
}

static void test_no_byte_gets_through(void **state)
{
	/* Whatever two bytes come, what is printed is UTF-8 without controls. */
	for (unsigned i = 0; i < 0x10000; i++) {
		char raw[2] = {(char)(i >> 8), (char)i};
		struct pyi_strbuf sb = PYI_STRBUF_INIT;

		pyi_print_escape(&sb, raw, 2);
		assert_true(pyi_utf8_valid(sb.data, sb.len));
		for (size_t j = 0; j < sb.len; j++)
			assert_true((unsigned char)sb.data[j] >= 0x20 && sb.data[j] != 0x7f);
		pyi_strbuf_deinit(&sb);
	}
}

static void test_utf8_dup(void **state)
{
	char *text = pyi_utf8_dup("a\xff\xc3\xa9\n");

	assert_string_equal(text, "a\\xff\xc3\xa9\n");
	free(text);
}

static void test_width(void **state)
{
	assert_int_equal(pyi_print_width("abc", 3), 3);
	assert_int_equal(pyi_print_width("\xe6\x97\xa5\xe6\x9c\xac", 6), 4);
	assert_int_equal(pyi_print_width("e\xcc\x81", 3), 1);
	assert_int_equal(pyi_print_width("\xf0\x9f\x90\x8d", 4), 2);
	assert_int_equal(pyi_print_width("", 0), 0);
}

static void test_fit(void **state)
{
	const char *text = "a\xe6\x97\xa5z";

	assert_int_equal(pyi_print_fit(text, 5, 0), 0);
	assert_int_equal(pyi_print_fit(text, 5, 1), 1);
	assert_int_equal(pyi_print_fit(text, 5, 2), 1);
	assert_int_equal(pyi_print_fit(text, 5, 3), 4);
	assert_int_equal(pyi_print_fit(text, 5, 4), 5);
}

static void test_color(void **state)
{
	enum pyi_color color = PYI_COLOR_AUTO;

	assert_true(pyi_color_parse("never", &color));
	assert_int_equal(color, PYI_COLOR_NEVER);
	assert_false(pyi_color_parse("sometimes", &color));
	assert_int_equal(color, PYI_COLOR_NEVER);
	assert_false(pyi_color_enabled(PYI_COLOR_NEVER, 1));
	setenv("NO_COLOR", "1", 1);
	assert_true(pyi_color_enabled(PYI_COLOR_ALWAYS, 1));
	assert_false(pyi_color_enabled(PYI_COLOR_AUTO, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),   cmocka_unit_test(test_no_byte_gets_through),
		cmocka_unit_test(test_utf8_dup), cmocka_unit_test(test_width),
		cmocka_unit_test(test_fit),      cmocka_unit_test(test_color),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
