/* SPDX-License-Identifier: BSD-2-Clause */
/* Each view of one recorded stream: two threads, a generator, an exception, a loss. */
#include "trace/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAIN = 0x1000, LEAF = 0x2000, ROWS = 0x3000, IDENT = 5, PID = 923, OTHER = 931 };

/* Times in ns, as the kernel sent them. */
static const struct pyi_frame_record stream[] = {
#define RECORD(t, thread, object, number, level, what)                                   \
	{                                                                                \
		.type = PYI_RECORD_FRAME, .tid = thread, .t_ns = t, .code = object,      \
		.ident = IDENT, .seq = number, .depth = level, .event = PYI_FRAME_##what \
	}
	RECORD(1000000, PID, MAIN, 1, 1, CALL),     RECORD(1002000, PID, LEAF, 2, 2, CALL),
	RECORD(1005366, PID, LEAF, 3, 2, RETURN),   RECORD(1006000, PID, ROWS, 4, 2, CALL),
	RECORD(1006500, OTHER, LEAF, 1, 3, RETURN), RECORD(1007000, PID, LEAF, 5, 3, CALL),
	RECORD(1007900, PID, LEAF, 6, 3, UNWIND),   RECORD(1010000, PID, ROWS, 7, 2, YIELD),
	RECORD(1011000, PID, ROWS, 8, 2, RESUME),   RECORD(1012500, PID, ROWS, 9, 2, RETURN),
	RECORD(1020000, PID, LEAF, 13, 2, CALL),    RECORD(1020020, PID, LEAF, 14, 2, RETURN),
	RECORD(1030000, PID, MAIN, 15, 1, RETURN),
#undef RECORD
};

/* A compact ASCII str as it stands in memory. */
static uint32_t fake_str(const struct pyi_layout *l, uint8_t *bytes, const char *text)
{
	uint64_t length = strlen(text);
	uint32_t state = 1 << 2 | 1 << 5 | 1 << 6;

	memset(bytes, 0, l->str_ascii_data);
	memcpy(bytes + l->str_length, &length, 8);
	memcpy(bytes + l->str_state, &state, 4);
	memcpy(bytes + l->str_ascii_data, text, length);
	return (uint32_t)(l->str_ascii_data + length);
}

static void describe(const struct pyi_layout *l, struct pyi_functions *functions, uint64_t code,
		     const char *name, uint32_t line)
{
	struct pyi_code_record record = {.type = PYI_RECORD_CODE,
					 .ident = IDENT,
					 .code = code,
					 .name = 0x5000,
					 .file = 0x6000,
					 .firstlineno = line};

	record.name_got = fake_str(l, record.name_bytes, name);
	record.file_got = fake_str(l, record.file_bytes, "/a/w.py");
	assert_null(pyi_functions_add(functions, &record));
}

/* What the view writes of the stream; the caller's to free. */
static char *replay(const struct pyi_view_ops *ops)
{
	static const struct pyi_trace_end over = {
		.events = 13, .lost = 3, .sites = 2, .cost_ns = 480};
	struct pyi_runtime rt = {.layout = *pyi_layout_for(3, 12, 0)};
	struct pyi_view view = {.ops = ops, .runtime = "CPython 3.12.1", .pid = PID};
	struct pyi_trace_event event;
	struct pyi_calltree *tree;
	size_t size;
	char *text;

	view.out = open_memstream(&text, &size);
	assert_non_null(view.out);
	assert_null(pyi_functions_create(&rt, &(struct pyi_function_filter){0}, &view.functions));
	assert_null(pyi_calltree_create(view.functions, &tree));
	describe(&rt.layout, view.functions, MAIN, "Worker.run", 3);
	describe(&rt.layout, view.functions, LEAF, "leaf", 10);
	describe(&rt.layout, view.functions, ROWS, "rows", 20);
	if (ops->begin)
		ops->begin(&view);
	for (size_t i = 0; i < sizeof(stream) / sizeof(stream[0]); i++) {
		assert_null(pyi_calltree_add(tree, &stream[i], &event));
		if (ops->event)
			ops->event(&view, &event);
	}
	ops->end(&view, &over);
	fclose(view.out);
	pyi_calltree_destroy(tree);
	pyi_functions_destroy(view.functions);
	return text;
}

static void shows(const struct pyi_view_ops *ops, const char *expected)
{
	char *text = replay(ops);

	assert_string_equal(text, expected);
	free(text);
}

/* clang-format off */
#define SUMMARY \
		"     CALLS      TOTAL       SELF        MIN        AVG        P50     " \
		"   P99        MAX  FUNCTION\n" \
		"         2   5.500 us   4.600 us   1.500 us   2.750 us   1.500 us   3." \
		"840 us   4.000 us  rows  /a/w.py:20\n" \
		"         3   4.286 us   4.286 us      20 ns   1.428 us     960 ns   3." \
		"328 us   3.366 us  leaf  /a/w.py:10\n" \
		"         1          -          -          -          -          -     " \
		"     -          -  Worker.run  /a/w.py:3\n"

static void the_tree(void **state)
{
	shows(&pyi_view_tree,
		"    DURATION  THREAD  | CALL\n"
		"             [   923] | Worker.run() {\n"
		"    3.366 us [   923] |   leaf();\n"
		"             [   923] |   rows() {\n"
		"             [   931] |     } /* leaf */\n"
		"      900 ns [   923] |     leaf(); /* raises */\n"
		"    4.000 us [   923] |   } /* rows */ /* yields */\n"
		"    1.500 us [   923] |   rows(); /* resumed */\n"
		"             [   923] | /* 3 events lost */\n"
		"       20 ns [   923] |   leaf();\n"
		"             [   923] | } /* Worker.run */\n"
		"\n" SUMMARY);
}

static void the_list(void **state)
{
	shows(&pyi_view_flat,
		"     SECONDS   THREAD EVENT  DEPTH     DURATION  FUNCTION\n"
		"    0.000000      923 call       1               Worker.run  /a/w.py:3\n"
		"    0.000002      923 call       2               leaf  /a/w.py:10\n"
		"    0.000005      923 return     2     3.366 us  leaf  /a/w.py:10\n"
		"    0.000006      923 call       2               rows  /a/w.py:20\n"
		"    0.000006      931 return     3               leaf  /a/w.py:10\n"
		"    0.000007      923 call       3               leaf  /a/w.py:10\n"
		"    0.000008      923 unwind     3       900 ns  leaf  /a/w.py:10\n"
		"    0.000010      923 yield      2     4.000 us  rows  /a/w.py:20\n"
		"    0.000011      923 resume     2               rows  /a/w.py:20\n"
		"    0.000013      923 return     2     1.500 us  rows  /a/w.py:20\n"
		"                  923 3 events lost\n"
		"    0.000020      923 call       2               leaf  /a/w.py:10\n"
		"    0.000020      923 return     2        20 ns  leaf  /a/w.py:10\n"
		"    0.000030      923 return     1               Worker.run  /a/w.py:3\n"
		"\n" SUMMARY);
}

static void json_lines(void **state)
{
	shows(&pyi_view_json,
		"{\"schema\":\"pyinspect-trace/1\",\"pid\":923,\"runtime\":\"CPython 3.12.1\",\"cl"
		"ock\":\"CLOCK_MONOTONIC\"}\n"
		"{\"t\":1000000,\"tid\":923,\"event\":\"call\",\"function\":\"Worker.run\",\"file\":\""
		"/a/w.py\",\"line\":3,\"depth\":1}\n"
		"{\"t\":1002000,\"tid\":923,\"event\":\"call\",\"function\":\"leaf\",\"file\":\"/a/w.p"
		"y\",\"line\":10,\"depth\":2}\n"
		"{\"t\":1005366,\"tid\":923,\"event\":\"return\",\"function\":\"leaf\",\"file\":\"/a/w"
		".py\",\"line\":10,\"depth\":2,\"duration_ns\":3366}\n"
		"{\"t\":1006000,\"tid\":923,\"event\":\"call\",\"function\":\"rows\",\"file\":\"/a/w.p"
		"y\",\"line\":20,\"depth\":2}\n"
		"{\"t\":1006500,\"tid\":931,\"event\":\"return\",\"function\":\"leaf\",\"file\":\"/a/w"
		".py\",\"line\":10,\"depth\":3,\"duration_ns\":null}\n"
		"{\"t\":1007000,\"tid\":923,\"event\":\"call\",\"function\":\"leaf\",\"file\":\"/a/w.p"
		"y\",\"line\":10,\"depth\":3}\n"
		"{\"t\":1007900,\"tid\":923,\"event\":\"unwind\",\"function\":\"leaf\",\"file\":\"/a/w"
		".py\",\"line\":10,\"depth\":3,\"duration_ns\":900}\n"
		"{\"t\":1010000,\"tid\":923,\"event\":\"yield\",\"function\":\"rows\",\"file\":\"/a/w."
		"py\",\"line\":20,\"depth\":2,\"duration_ns\":4000}\n"
		"{\"t\":1011000,\"tid\":923,\"event\":\"resume\",\"function\":\"rows\",\"file\":\"/a/w"
		".py\",\"line\":20,\"depth\":2}\n"
		"{\"t\":1012500,\"tid\":923,\"event\":\"return\",\"function\":\"rows\",\"file\":\"/a/w"
		".py\",\"line\":20,\"depth\":2,\"duration_ns\":1500}\n"
		"{\"t\":1020000,\"tid\":923,\"event\":\"call\",\"function\":\"leaf\",\"file\":\"/a/w.p"
		"y\",\"line\":10,\"depth\":2,\"lost_before\":3}\n"
		"{\"t\":1020020,\"tid\":923,\"event\":\"return\",\"function\":\"leaf\",\"file\":\"/a/w"
		".py\",\"line\":10,\"depth\":2,\"duration_ns\":20}\n"
		"{\"t\":1030000,\"tid\":923,\"event\":\"return\",\"function\":\"Worker.run\",\"file\""
		":\"/a/w.py\",\"line\":3,\"depth\":1,\"duration_ns\":null}\n"
		"{\"event\":\"end\",\"events\":13,\"lost\":3,\"sites\":2,\"cost_ns_per_event\":480}\n");
}

static void chrome_trace(void **state)
{
	shows(&pyi_view_chrome,
		"{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1000.000,\"name\":\"Worker.run\",\"cat\":"
		"\"python\",\"args\":{\"function\":\"Worker.run\",\"file\":\"/a/w.py\",\"line\":3,\"ev"
		"ent\":\"call\"}},\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1002.000,\"name\":\"leaf\",\"cat\":\"pytho"
		"n\",\"args\":{\"function\":\"leaf\",\"file\":\"/a/w.py\",\"line\":10,\"event\":\"call\""
		"}},\n"
		"{\"ph\":\"E\",\"pid\":923,\"tid\":923,\"ts\":1005.366},\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1006.000,\"name\":\"rows\",\"cat\":\"pytho"
		"n\",\"args\":{\"function\":\"rows\",\"file\":\"/a/w.py\",\"line\":20,\"event\":\"call\""
		"}},\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1007.000,\"name\":\"leaf\",\"cat\":\"pytho"
		"n\",\"args\":{\"function\":\"leaf\",\"file\":\"/a/w.py\",\"line\":10,\"event\":\"call\""
		"}},\n"
		"{\"ph\":\"E\",\"pid\":923,\"tid\":923,\"ts\":1007.900},\n"
		"{\"ph\":\"E\",\"pid\":923,\"tid\":923,\"ts\":1010.000},\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1011.000,\"name\":\"rows\",\"cat\":\"pytho"
		"n\",\"args\":{\"function\":\"rows\",\"file\":\"/a/w.py\",\"line\":20,\"event\":\"resum"
		"e\"}},\n"
		"{\"ph\":\"E\",\"pid\":923,\"tid\":923,\"ts\":1012.500},\n"
		"{\"ph\":\"B\",\"pid\":923,\"tid\":923,\"ts\":1020.000,\"name\":\"leaf\",\"cat\":\"pytho"
		"n\",\"args\":{\"function\":\"leaf\",\"file\":\"/a/w.py\",\"line\":10,\"event\":\"call\""
		"}},\n"
		"{\"ph\":\"E\",\"pid\":923,\"tid\":923,\"ts\":1020.020}\n"
		"],\"otherData\":{\"runtime\":\"CPython 3.12.1\",\"events\":13,\"lost\":3}}\n");
}

static void the_summary(void **state)
{
	shows(&pyi_view_summary,
		SUMMARY);
}

static void the_summary_as_json(void **state)
{
	shows(&pyi_view_summary_json,
		"{\"schema\":\"pyinspect-trace-summary/1\",\"pid\":923,\"runtime\":\"CPython 3.1"
		"2.1\",\"events\":13,\"lost\":3,\"sites\":2,\"cost_ns_per_event\":480,\"functions"
		"\":[{\"function\":\"rows\",\"file\":\"/a/w.py\",\"line\":20,\"calls\":2,\"timed\":2,\""
		"total_ns\":5500,\"self_ns\":4600,\"min_ns\":1500,\"avg_ns\":2750,\"p50_ns\":150"
		"0,\"p99_ns\":3840,\"max_ns\":4000,\"histogram\":[{\"from_ns\":1024,\"calls\":1},"
		"{\"from_ns\":2048,\"calls\":1}]},{\"function\":\"leaf\",\"file\":\"/a/w.py\",\"line"
		"\":10,\"calls\":3,\"timed\":3,\"total_ns\":4286,\"self_ns\":4286,\"min_ns\":20,\"a"
		"vg_ns\":1428,\"p50_ns\":960,\"p99_ns\":3328,\"max_ns\":3366,\"histogram\":[{\"fr"
		"om_ns\":16,\"calls\":1},{\"from_ns\":512,\"calls\":1},{\"from_ns\":2048,\"calls\""
		":1}]},{\"function\":\"Worker.run\",\"file\":\"/a/w.py\",\"line\":3,\"calls\":1,\"ti"
		"med\":0,\"total_ns\":null,\"self_ns\":null,\"min_ns\":null,\"avg_ns\":null,\"p50"
		"_ns\":null,\"p99_ns\":null,\"max_ns\":null,\"histogram\":[]}]}\n");
}

static void counts(void **state)
{
	shows(&pyi_view_count,
		"       CALLS  FUNCTION\n"
		"           3  leaf  /a/w.py:10\n"
		"           2  rows  /a/w.py:20\n"
		"           1  Worker.run  /a/w.py:3\n");
}

static void bars(void **state)
{
	shows(&pyi_view_histogram,
		"rows  /a/w.py:20  2 calls\n"
		"    1.024 us -   2.048 us          1 █████████████████████████████████"
		"███████\n"
		"    2.048 us -   4.096 us          1 █████████████████████████████████"
		"███████\n"
		"\n"
		"leaf  /a/w.py:10  3 calls\n"
		"       16 ns -      32 ns          1 █████████████████████████████████"
		"███████\n"
		"       32 ns -      64 ns          0 \n"
		"       64 ns -     128 ns          0 \n"
		"      128 ns -     256 ns          0 \n"
		"      256 ns -     512 ns          0 \n"
		"      512 ns -   1.024 us          1 █████████████████████████████████"
		"███████\n"
		"    1.024 us -   2.048 us          0 \n"
		"    2.048 us -   4.096 us          1 █████████████████████████████████"
		"███████\n"
		"\n");
}
/* clang-format on */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tree),    cmocka_unit_test(the_list),
		cmocka_unit_test(json_lines),  cmocka_unit_test(chrome_trace),
		cmocka_unit_test(the_summary), cmocka_unit_test(the_summary_as_json),
		cmocka_unit_test(counts),      cmocka_unit_test(bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
