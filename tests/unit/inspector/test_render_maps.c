/* SPDX-License-Identifier: BSD-2-Clause */
/* The address space as text and as JSON. */
#include "report/render_maps.h"

#include "base/print.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char *cmdline[] = {(char *)"python3", (char *)"a\nb.py", NULL};

static struct pyi_range ranges[] = {
	{.lo = 0x400000,
	 .hi = 0x401000,
	 .perm = PYI_PERM_R | PYI_PERM_X,
	 .role = PYI_ROLE_INTERP_TEXT,
	 .path = (char *)"/usr/bin/python3.11",
	 .detail = (char *)"python3.11",
	 .module = (char *)"python3.11",
	 .rss = 4096},
	{.lo = 0x401000,
	 .hi = 0x403000,
	 .offset = 0x1000,
	 .perm = PYI_PERM_R | PYI_PERM_W,
	 .role = PYI_ROLE_INTERP_DATA,
	 .path = (char *)"/usr/bin/python3.11",
	 .detail = (char *)"python3.11",
	 .module = (char *)"python3.11",
	 .rss = 8192},
	{.lo = 0x500000,
	 .hi = 0x600000,
	 .perm = PYI_PERM_R | PYI_PERM_W,
	 .role = PYI_ROLE_ARENA,
	 .detail = (char *)"arena 1, 5 of 63 pools in use",
	 .rss = 0x80000},
	{.lo = 0x600000,
	 .hi = 0x700000,
	 .perm = PYI_PERM_R | PYI_PERM_W,
	 .role = PYI_ROLE_ARENA,
	 .detail = (char *)"arena 0, 63 of 63 pools in use",
	 .rss = 0x100000},
	{.lo = 0x700000,
	 .hi = 0x701000,
	 .role = PYI_ROLE_GUARD,
	 .detail = (char *)"of thread 8",
	 .tid = 8},
	{.lo = 0x701000,
	 .hi = 0xf00000,
	 .perm = PYI_PERM_R | PYI_PERM_W,
	 .role = PYI_ROLE_THREAD_STACK,
	 .detail = (char *)"8 \"w\033[31m\", 6 KiB deep",
	 .tid = 8,
	 .rss = 0x2000},
	{.lo = 0x7f0000000000,
	 .hi = 0x7f0000001000,
	 .perm = PYI_PERM_R | PYI_PERM_SHARED,
	 .role = PYI_ROLE_FILE,
	 .path = (char *)"/srv/d\nb",
	 .detail = (char *)"d\nb",
	 .rss = PYI_RSS_UNKNOWN},
	{.lo = 0xffffffffff600000,
	 .hi = 0xffffffffff601000,
	 .perm = PYI_PERM_X,
	 .role = PYI_ROLE_VSYSCALL,
	 .path = (char *)"[vsyscall]"},
};

static struct pyi_addrspace make(void)
{
	struct pyi_addrspace space = {
		.pid = 7,
		.runtime = (char *)"CPython 3.11.2",
		.cmdline = cmdline,
		.n_cmdline = 2,
		.n_threads = 2,
		.rss_known = true,
	};

	space.ranges.data = ranges;
	space.ranges.len = sizeof(ranges) / sizeof(ranges[0]);
	for (size_t i = 0; i < space.ranges.len; i++) {
		space.roles[ranges[i].role].size += ranges[i].hi - ranges[i].lo;
		if (ranges[i].rss != PYI_RSS_UNKNOWN)
			space.roles[ranges[i].role].rss += ranges[i].rss;
	}
	return space;
}

static char *text(const struct pyi_addrspace *space, const struct pyi_whereis *where,
		  const struct pyi_maps_options *options)
{
	char *ret = NULL;
	size_t size;
	FILE *out = open_memstream(&ret, &size);

	assert_null(pyi_render_maps_text(space, where, options, out));
	fclose(out);
	return ret;
}

static void contains(const char *haystack, const char *needle)
{
	if (!strstr(haystack, needle)) {
		fprintf(stderr, "%s", haystack);
		fail_msg("the text above has no \"%s\"", needle);
	}
}

static void test_picture(void **state)
{
	const struct pyi_maps_options options = {.width = 80};
	struct pyi_addrspace space = make();
	char *out = text(&space, NULL, &options);

	(void)state;
	contains(out, "Process 7: python3 a\\nb.py\nCPython 3.11.2, 2 threads, not stopped\n");
	contains(out, "0xffffffffff601000     10.0 MiB          kernel\n"
		      "0xffffffffff600000 --xp    4 KiB        0  vsyscall\n"
		      "0xffff800000000000      128 TiB          kernel\n");
	contains(out, "0x7f0000000000    r--s    4 KiB        ?  mapped file  d\\nb\n"
		      "  ⋮                     127 TiB           free\n"
		      "0x701000          rw-p  8.0 MiB    8 KiB  thread stack  8 \"w\\x1b[31m\", 6 "
		      "KiB de…\n"
		      "0x700000          ---p    4 KiB        0  guard  of thread 8\n"
		      "0x500000          rw-p  2.0 MiB  1.5 MiB  Python arena  2 of them\n"
		      "0x400000                 12 KiB   12 KiB  interpreter  python3.11\n");
	free(out);
}

static void test_all(void **state)
{
	const struct pyi_maps_options options = {.all = true};
	struct pyi_addrspace space = make();
	char *out = text(&space, NULL, &options);

	(void)state;
	contains(out, "Python arena  arena 0, 63 of 63 pools in use\n");
	contains(out, "Python arena  arena 1, 5 of 63 pools in use\n"
		      "  ⋮                    1012 KiB           free\n"
		      "0x401000          rw-p    8 KiB    8 KiB  interpreter data  python3.11\n"
		      "0x400000          r-xp    4 KiB    4 KiB  interpreter text  python3.11\n");
	free(out);
}

static void test_width(void **state)
{
	const struct pyi_maps_options options = {.width = 60, .color = true};
	struct pyi_addrspace space = make();
	char *out = text(&space, NULL, &options), *rest = out;

	(void)state;
	contains(out, "\033[");
	for (char *line; (line = strsep(&rest, "\n"));) {
		char plain[400] = "";
		size_t n = 0;

		for (const char *p = line; *p && n + 1 < sizeof(plain); p++) {
			if (*p == '\033')
				p += strcspn(p, "m");
			else
				plain[n++] = *p;
		}
		assert_true(pyi_print_width(plain, n) <= 60);
	}
	free(out);
}

/* Where bars have no room the figures stay. */
static void test_narrow_summary(void **state)
{
	const struct pyi_maps_options options = {.width = 42};
	struct pyi_addrspace space = make();
	char *out = text(&space, NULL, &options), *end = strstr(out, "\n  in all");

	(void)state;
	contains(out, "  Role                   Size   Resident\n");
	assert_non_null(end);
	*end = 0;
	assert_null(strstr(out, "█"));
	assert_null(strstr(strstr(out, "Role"), "…"));
	free(out);
}

static void test_summary(void **state)
{
	const struct pyi_maps_options options = {.width = 80};
	struct pyi_addrspace space = make();
	char *out;

	(void)state;
	space.roles[PYI_ROLE_ANONYMOUS].size = 0x100000;
	space.roles[PYI_ROLE_ANONYMOUS].rss = 0x100000;
	out = text(&space, NULL, &options);
	contains(out, "  thread stack        8.0 MiB ██████████████████     8 KiB ▏\n");
	contains(out,
		 "  Python arena        2.0 MiB ████▌                1.5 MiB ██████████████████\n");
	contains(out, "  guard                 4 KiB ▏                          0\n");
	contains(out, " 60.3 % of it known\n");
	assert_null(strstr(out, "extension module"));
	free(out);
	space.rss_known = false;
	for (int i = 0; i < PYI_ROLE_COUNT; i++)
		space.roles[i].rss = 0;
	out = text(&space, NULL, &options);
	contains(out, "  Python arena        2.0 MiB ████▌                      ?\n");
	free(out);
}

static json_t *json(const struct pyi_addrspace *space, const struct pyi_whereis *where)
{
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);
	json_error_t error;
	json_t *ret;

	assert_null(pyi_render_maps_json(space, where, stream));
	fclose(stream);
	assert_ptr_equal(strchr(out, '\n'), out + size - 1);
	ret = json_loads(out, 0, &error);
	assert_non_null(ret);
	free(out);
	return ret;
}

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void test_json(void **state)
{
	struct pyi_addrspace space = make();
	json_t *root = json(&space, NULL), *list = json_object_get(root, "ranges");
	json_t *first = json_array_get(list, 0), *file = json_array_get(list, 6);
	json_t *arena = json_object_get(json_object_get(root, "roles"), "Python arena");

	(void)state;
	assert_string_equal(string_of(root, "schema"), "pyinspect-maps/1");
	assert_int_equal(json_array_size(list), 8);
	assert_string_equal(string_of(first, "start"), "0x400000");
	assert_string_equal(string_of(first, "end"), "0x401000");
	assert_string_equal(string_of(first, "perms"), "r-xp");
	assert_string_equal(string_of(first, "path"), "/usr/bin/python3.11");
	assert_string_equal(string_of(first, "role"), "interpreter text");
	assert_int_equal(json_integer_value(json_object_get(first, "size")), 4096);
	assert_int_equal(json_integer_value(json_object_get(first, "rss")), 4096);
	assert_true(json_is_null(json_object_get(first, "tid")));
	assert_string_equal(string_of(file, "detail"), "d\nb");
	assert_true(json_is_null(json_object_get(file, "rss")));
	assert_string_equal(string_of(json_array_get(list, 7), "end"), "0xffffffffff601000");
	assert_int_equal(json_integer_value(json_object_get(arena, "size")), 0x200000);
	assert_int_equal(json_integer_value(json_object_get(arena, "rss")), 0x180000);
	assert_null(json_object_get(json_object_get(root, "roles"), "JIT code"));
	assert_null(json_object_get(root, "address"));
	json_decref(root);
}

static void test_where(void **state)
{
	const struct pyi_maps_options options = {.width = 80};
	struct pyi_addrspace space = make();
	struct pyi_whereis where = {.addr = 0x400010,
				    .range = &ranges[0],
				    .module = (char *)"python3.11",
				    .module_offset = 0x10,
				    .symbol = (char *)"main",
				    .symbol_offset = 4};
	struct pyi_whereis nowhere = {.addr = 0x450000, .free_lo = 0x403000, .free_hi = 0x500000};
	struct pyi_whereis kernel = {.addr = UINT64_MAX, .kernel = true};
	char *out = text(&space, &where, &options);
	json_t *root = json(&space, &where), *address = json_object_get(root, "address");

	(void)state;
	assert_string_equal(out, "0x400010: interpreter text  python3.11\n"
				 "  range     0x400000-0x401000 r-xp, 4 KiB, 4 KiB resident\n"
				 "  mapping   /usr/bin/python3.11\n"
				 "  symbol    main+0x4\n"
				 "  module    python3.11+0x10\n");
	free(out);
	assert_int_equal(json_array_size(json_object_get(root, "ranges")), 1);
	assert_string_equal(string_of(address, "symbol"), "main");
	assert_int_equal(json_integer_value(json_object_get(address, "module_offset")), 16);
	assert_true(json_is_null(json_object_get(address, "thread")));
	json_decref(root);
	out = text(&space, &nowhere, &options);
	assert_string_equal(out, "0x450000: nothing is mapped there\n"
				 "  free      0x403000-0x500000\n");
	free(out);
	root = json(&space, &nowhere);
	assert_int_equal(json_array_size(json_object_get(root, "ranges")), 0);
	assert_true(json_is_null(json_object_get(json_object_get(root, "address"), "role")));
	json_decref(root);
	root = json(&space, &kernel);
	assert_string_equal(string_of(json_object_get(root, "address"), "role"), "kernel");
	json_decref(root);
}

static void test_where_stack(void **state)
{
	const struct pyi_maps_options options = {.width = 80};
	struct pyi_addrspace space = make();
	struct pyi_whereis where = {.addr = 0xefff00,
				    .range = &ranges[5],
				    .below_top = 0x100,
				    .in_use = true,
				    .frame = (char *)"f"};
	struct pyi_whereis block = {
		.addr = 0x500068, .range = &ranges[2], .block_lo = 0x500040, .block_size = 64};
	char *out = text(&space, &where, &options);
	json_t *root = json(&space, &where);

	(void)state;
	contains(out, "  stack     256 bytes below its top\n  frame     f\n");
	assert_int_equal(
		json_integer_value(json_object_get(
			json_object_get(json_object_get(root, "address"), "thread"), "tid")),
		8);
	json_decref(root);
	free(out);
	out = text(&space, &block, &options);
	contains(out, "  block     64 bytes at 0x500040, 40 into it\n");
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_picture), cmocka_unit_test(test_all),
		cmocka_unit_test(test_width),   cmocka_unit_test(test_narrow_summary),
		cmocka_unit_test(test_summary), cmocka_unit_test(test_json),
		cmocka_unit_test(test_where),   cmocka_unit_test(test_where_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
