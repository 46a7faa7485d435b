/* SPDX-License-Identifier: BSD-2-Clause */
/* Where packed bytes come from: a file as it is, or the base64 of a report. */
#include "target/unpack_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#define REPORT "ProblemType: Crash\nDate: today\n"

static int make_file(const char *text, size_t size)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);

	assert_int_equal(write(fd, text, size), size);
	return fd;
}

/* Reads it step by step; is_report is whether it must be one. */
static void expect(const char *text, bool is_report, const char *want)
{
	for (size_t step = 1; step < 20; step += 6) {
		int fd = make_file(text, strlen(text));
		struct pyi_packed packed;
		uint8_t got[256];
		size_t n, all = 0;

		assert_int_equal(pyi_packed_init(&packed, fd), is_report);
		assert_memory_equal(packed.magic, want, packed.n_magic);
		while ((n = pyi_packed_read(&packed, got + all, step)))
			all += n;
		assert_int_equal(all, strlen(want));
		assert_memory_equal(got, want, all);
		close(fd);
	}
}

static void test_a_file_as_it_is(void **state)
{
	expect("some bytes, more than magic", false, "some bytes, more than magic");
	expect("abc", false, "abc");
	expect("", false, "");
}

static void test_a_report(void **state)
{
	/* Lines are padded each on its own. */
	expect(REPORT "CoreDump: base64\n Y29y\n ZQ==\n IGZpbGU=\nTail: YWJj\n", true, "core file");
	expect(REPORT "CoreDump: base64\n Y29yZQ==", true, "core");
}

static void test_a_report_that_is_cut_or_wrong(void **state)
{
	expect(REPORT "CoreDump: base64\n Y29yZ", true, "cor");
	expect(REPORT "CoreDump: base64\n Y2*9y\1Z\xffQ==\n", true, "core"); /* what is no digit */
	expect(REPORT "CoreDump: base64\nDate: now\n", true, "");
	expect(REPORT "CoreDump: base64\n", true, "");
}

static void test_a_report_without_a_core(void **state)
{
	char *text, *at;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct pyi_packed packed;
	int fd;

	fputs(REPORT, out);
	for (int i = 0; i < 3000; i++)
		fputs("Line: CoreDump: base64\n", out); /* not at its beginning */
	fclose(out);
	fd = make_file(text, size);
	assert_true(pyi_packed_init(&packed, fd));
	assert_int_equal(packed.n_magic, 0);
	close(fd);

	/* Over the border of what is read at once. */
	for (size_t cut = 4080; cut < 4110; cut++) {
		memset(text, 'x', size);
		memcpy(text, REPORT, sizeof(REPORT) - 1);
		at = text + cut;
		memcpy(at, "\nCoreDump: base64\n Y29yZQ==\n", 28);
		fd = make_file(text, cut + 28);
		assert_true(pyi_packed_init(&packed, fd));
		assert_int_equal(packed.n_magic, 4);
		close(fd);
	}
	free(text);
}

static void test_how_far_it_is(void **state)
{
	int fd = make_file("0123456789", 10);
	struct pyi_packed packed;
	uint8_t got[4];

	pyi_packed_init(&packed, fd);
	assert_int_equal(packed.file_size, 10);
	assert_int_equal(pyi_packed_position(&packed), 0);
	pyi_packed_read(&packed, got, 4);
	assert_int_equal(pyi_packed_position(&packed), 4);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file_as_it_is),
		cmocka_unit_test(test_a_report),
		cmocka_unit_test(test_a_report_that_is_cut_or_wrong),
		cmocka_unit_test(test_a_report_without_a_core),
		cmocka_unit_test(test_how_far_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
