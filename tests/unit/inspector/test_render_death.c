/* SPDX-License-Identifier: BSD-2-Clause */
/* A crash in text and JSON. */
#include "report/registers.h"
#include "report/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct pyi_report_insn insn = {
	.addr = 0x401000, .bytes = {0xc3}, .n_bytes = 1, .text = (char *)"ret"};
static struct pyi_report_module module = {
	.path = (char *)"/lib/x.so", .build_id = "ab12", .status = "missing"};

static char *show(const char *format)
{
	struct pyi_exception_item items[] = {
		{.type = (char *)"ValueError", .message = (char *)"bad\x1b[2J"},
		{.type = (char *)"KeyError", .args = (char *)"('k',)", .link = "cause"},
	};
	struct pyi_report_thread thread = {.tid = 9,
					   .comm = (char *)"python3",
					   .state = 'R',
					   .runtime = -1,
					   .crashed = true,
					   .have_regs = true,
					   .regs.rip = 0x401000,
					   .code = &insn,
					   .n_code = 1};
	struct pyi_report report = {.pid = 9,
				    .uid = 1000,
				    .threads = &thread,
				    .n_threads = 1,
				    .all_threads = 1,
				    .modules = &module,
				    .n_modules = 1};
	struct pyi_render_options options = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	thread.exception.state = PYI_EXCEPTION_RAISED;
	thread.exception.items.data = items;
	thread.exception.items.len = 2;
	report.signal = (struct pyi_report_signal){.number = 11,
						   .name = "SIGSEGV",
						   .code = "SEGV_MAPERR",
						   .has_address = true,
						   .place = (char *)"a null pointer",
						   .tid = 9};
	strcpy(report.time, "2026-01-02T03:04:05+00:00");
	assert_null(pyi_renderer_find(format)->render(&report, &options, out));
	fclose(out);
	return text;
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void text_of_a_crash(void **state)
{
	char *text = show("text");

	expect(text, "Died by SIGSEGV (SEGV_MAPERR) at 0x0: a null pointer\n");
	expect(text, "At 2026-01-02T03:04:05+00:00, user 1000\n");
	expect(text, "  Raising ValueError: bad\\x1b[2J\n");
	expect(text, "    caused by KeyError with arguments ('k',)\n");
	expect(text, "rip 0000000000401000");
	expect(text, "=> 0x401000  c3");
	expect(text, "  ret\n");
	expect(text, "Modules:\n  /lib/x.so  ab12  missing\n");
	free(text);
}

static void json_of_a_crash(void **state)
{
	char *text = show("json");

	expect(text, "\"signal\":{\"number\":11,\"name\":\"SIGSEGV\",\"code\":\"SEGV_MAPERR\","
		     "\"address\":\"0x0\",\"place\":\"a null pointer\",\"sender\":null,\"tid\":9}");
	expect(text, "\"exception\":{\"type\":\"ValueError\"");
	expect(text, "\"state\":\"raised\",\"chain\":[{\"type\":\"KeyError\",\"message\":null");
	expect(text, "\"rip\":\"0x401000\"");
	expect(text, "\"code\":[{\"address\":\"0x401000\",\"bytes\":\"c3\",\"text\":\"ret\"}]");
	free(text);
}

static void every_register_is_in_its_struct(void **state)
{
	size_t n = 0;

	for (; pyi_registers[n].name; n++)
		assert_true(pyi_registers[n].offset <= sizeof(struct user_regs_struct) - 8);
	assert_int_equal(n, sizeof(struct user_regs_struct) / 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_a_crash),
		cmocka_unit_test(json_of_a_crash),
		cmocka_unit_test(every_register_is_in_its_struct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
