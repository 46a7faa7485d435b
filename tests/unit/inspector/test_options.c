/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAX_WORDS 32

static struct pyi_error *parse(const char *line, struct pyi_settings *settings)
{
	static char copy[512];
	static char *argv[MAX_WORDS];
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word && argc < MAX_WORDS; word = strtok(NULL, " "))
		argv[argc++] = word;
	return pyi_options_parse(argc, argv, PYI_CMD_DUMP, settings);
}

static void parse_good(const char *line, struct pyi_settings *settings)
{
	struct pyi_error *err = parse(line, settings);

	if (err)
		fail_msg("%s: %s", line, err->message);
}

static void assert_bad(const char *line, const char *message)
{
	struct pyi_settings settings;
	struct pyi_error *err = parse(line, &settings);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_USAGE);
	assert_string_equal(err->message, message);
	pyi_error_destroy(err);
}

static void test_defaults(void **state)
{
	struct pyi_settings s;

	parse_good("1234", &s);
	assert_int_equal(s.n_operands, 1);
	assert_string_equal(s.operands[0], "1234");
	assert_int_equal(s.dump.native, PYINSPECT_NATIVE_AUTO);
	assert_true(s.dump.kernel);
	assert_false(s.dump.locals);
	assert_int_equal(s.dump.max_value_bytes, 1000);
	assert_int_equal(s.color, PYI_COLOR_AUTO);
	assert_false(s.json);
}

static void test_all(void **state)
{
	struct pyi_settings s;

	parse_good("--locals=50 --native=lines --no-kernel --thread 7 --traceback --limit=9 --json "
		   "--no-stop --subprocesses --watch 0.5 --name a.*b --color=never -o out -v",
		   &s);
	assert_true(s.dump.locals);
	assert_int_equal(s.dump.max_value_bytes, 50);
	assert_int_equal(s.dump.native, PYINSPECT_NATIVE_LINES);
	assert_false(s.dump.kernel);
	assert_int_equal(s.dump.tid, 7);
	assert_true(s.dump.traceback);
	assert_int_equal(s.dump.limit, 9);
	assert_true(s.json && s.dump.no_stop && s.subprocesses && s.verbose);
	assert_true(s.watch_seconds == 0.5);
	assert_string_equal(s.name, "a.*b");
	assert_int_equal(s.color, PYI_COLOR_NEVER);
	assert_string_equal(s.output, "out");
	assert_int_equal(s.n_operands, 0);
}

static void test_optional_arguments_stand_behind_equals(void **state)
{
	struct pyi_settings s;

	parse_good("--locals 1234 --native 5678", &s);
	assert_true(s.dump.locals);
	assert_int_equal(s.dump.native, PYINSPECT_NATIVE_ALL);
	assert_int_equal(s.n_operands, 2);
	assert_string_equal(s.operands[1], "5678");
}

static void test_operands(void **state)
{
	struct pyi_settings s;

	parse_good("1 --json 2 -- --locals -o", &s);
	assert_true(s.json);
	assert_false(s.dump.locals);
	assert_int_equal(s.n_operands, 4);
	assert_string_equal(s.operands[1], "2");
	assert_string_equal(s.operands[2], "--locals");
	parse_good("-", &s);
	assert_int_equal(s.n_operands, 1);
}

static void test_short(void **state)
{
	struct pyi_settings s;

	parse_good("-vofile 1", &s);
	assert_true(s.verbose);
	assert_string_equal(s.output, "file");
	parse_good("-h", &s);
	assert_true(s.help);
}

static void test_errors(void **state)
{
	assert_bad("--nope 1", "--nope: unknown option");
	assert_bad("--jso 1", "--jso: unknown option");
	assert_bad("-x", "-x: unknown option");
	assert_bad("--json=yes", "--json: takes no argument");
	assert_bad("--limit", "--limit: needs a number of frames");
	assert_bad("--limit x", "--limit: needs a number of frames, not \"x\"");
	assert_bad("--limit 0", "--limit: needs a number of frames, not \"0\"");
	assert_bad("--limit -3", "--limit: needs a number of frames, not \"-3\"");
	assert_bad("--limit 99999999999999999999",
		   "--limit: needs a number of frames, not \"99999999999999999999\"");
	assert_bad("--locals=", "--locals: needs a number of bytes, not \"\"");
	assert_bad("--native=some", "--native: needs auto, all, lines or none, not \"some\"");
	assert_bad("--watch=nan", "--watch: needs a number of seconds, not \"nan\"");
	assert_bad("--watch=0", "--watch: needs a number of seconds, not \"0\"");
	assert_bad("--color=red", "--color: needs auto, always or never, not \"red\"");
	assert_bad("-o", "--output: needs a file name");
}

/* As the map prints addresses, and as id() does. */
static void test_address(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} cases[] = {
		{"0x7f00c0de", true, 0x7f00c0de},
		{"7f00c0de", true, 0x7f00c0de},
		{"140737353879552", true, 140737353879552},
		{"0xffffffffffffffff", true, UINT64_MAX},
		{"0", true, 0},
		{"0x1ffffffffffffffff", false, 0},
		{"-1", false, 0},
		{" 5", false, 0},
		{"0xg", false, 0},
		{"main", false, 0},
		{"", false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *argv[] = {(char *)"--address", (char *)cases[i].text};
		struct pyi_settings settings;
		struct pyi_error *err = pyi_options_parse(2, argv, PYI_CMD_MAPS, &settings);

		assert_int_equal(!err, cases[i].good);
		if (!err) {
			assert_true(settings.address_given);
			assert_int_equal(settings.address, cases[i].value);
		}
		pyi_error_destroy(err);
	}
}

static void test_help_names_every_option_at_80_columns(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	pyi_options_help(out, ~0u);
	fclose(out);
	for (const struct pyi_option *o = pyi_options; o->name; o++) {
		char word[40];

		snprintf(word, sizeof(word), "--%s", o->name);
		assert_non_null(strstr(text, word));
		assert_true(o->expects || !o->argument);
	}
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) < 80);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_optional_arguments_stand_behind_equals),
		cmocka_unit_test(test_operands),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_help_names_every_option_at_80_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
