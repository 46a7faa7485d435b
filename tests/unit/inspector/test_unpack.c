/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/unpack.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <cmocka.h>

#define SIZE 50000u

static uint8_t plain[SIZE], packed[2 * SIZE];
static size_t packed_size;
static const struct pyi_unpack_options no_options;

/* Pages with and without bytes. */
static int set_up(void **state)
{
	z_stream z = {
		.next_in = plain, .avail_in = SIZE, .next_out = packed, .avail_out = 2 * SIZE};

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		plain[i] = i / 4096 % 3 == 1 ? 0 : (uint8_t)(i * 2654435761u >> 13);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed_size = 2 * SIZE - z.avail_out;
	deflateEnd(&z);
	return 0;
}

static int make_file(const void *data, size_t size)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);

	assert_int_equal(write(fd, data, size), size);
	return fd;
}

/* How many bytes came out; they are checked. */
static size_t unpack(int fd, char **damage)
{
	static uint8_t got[SIZE + 1];
	int out = -1;
	ssize_t n;

	assert_null(pyi_unpack(fd, &no_options, &out, damage));
	n = pread(out, got, sizeof(got), 0);
	assert_in_range(n, 0, SIZE);
	assert_memory_equal(got, plain, n);
	close(out);
	return (size_t)n;
}

static void test_plain(void **state)
{
	int fd = make_file(plain, SIZE), out;
	char *damage;

	(void)state;
	assert_null(pyi_unpack(fd, &no_options, &out, &damage));
	assert_int_equal(out, fd);
	assert_null(damage);
	close(out);
}

static void test_whole(void **state)
{
	char *damage;

	(void)state;
	assert_int_equal(unpack(make_file(packed, packed_size), &damage), SIZE);
	assert_null(damage);
}

static void test_cut(void **state)
{
	char *damage;

	(void)state;
	assert_in_range(unpack(make_file(packed, packed_size / 2), &damage), 1000, SIZE - 1000);
	assert_non_null(strstr(damage, "it ends early"));
	free(damage);
}

static void test_garbage(void **state)
{
	char *damage;
	int out;

	(void)state;
	/* What comes before its checksum fails may be wrong. */
	memset(packed + packed_size / 2, 0xff, 400);
	assert_null(pyi_unpack(make_file(packed, packed_size), &no_options, &out, &damage));
	close(out);
	assert_non_null(strstr(damage, "damaged"));
	free(damage);
}

/* What is made fills the last buffer to its end, and there is no input left then. */
static void test_whole_buffers(void **state)
{
	static uint8_t zeros[2 << 18], small[4096];
	size_t size = ZSTD_compress(small, sizeof(small), zeros, sizeof(zeros), 1);
	char *damage;
	int out;

	assert_null(pyi_unpack(make_file(small, size), &no_options, &out, &damage));
	assert_null(damage);
	assert_int_equal(lseek(out, 0, SEEK_END), sizeof(zeros));
	close(out);
}

static void put_base64(FILE *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)bytes[i] << 16 | (i + 1 < n ? bytes[i + 1] << 8 : 0) |
			     (i + 2 < n ? bytes[i + 2] : 0);

		fprintf(out, "%c%c%c%c", digits[v >> 18], digits[v >> 12 & 63],
			i + 1 < n ? digits[v >> 6 & 63] : '=', i + 2 < n ? digits[v & 63] : '=');
	}
}

static void test_report(void **state)
{
	char *text, *damage;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fputs("ProblemType: Crash\nArchitecture: amd64\nCoreDump: base64\n ", out);
	put_base64(out, packed, 10);
	fputs("\n ", out);
	put_base64(out, packed + 10, packed_size - 10);
	fputs("\nDate: today\n", out);
	fclose(out);
	assert_int_equal(unpack(make_file(text, size), &damage), SIZE);
	assert_null(damage);
	free(text);
}

static void test_report_without_core(void **state)
{
	static const char text[] = "ProblemType: Crash\nDate: today\n";
	struct pyi_error *err;
	char *damage;
	int out;

	(void)state;
	err = pyi_unpack(make_file(text, sizeof(text) - 1), &no_options, &out, &damage);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	pyi_error_destroy(err);
}

static void test_no_room(void **state)
{
	const char *before = getenv("TMPDIR");
	char *old = before ? strdup(before) : NULL, *damage;
	struct pyi_error *err;
	int out;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	err = pyi_unpack(make_file(packed, packed_size), &no_options, &out, &damage);
	assert_non_null(err);
	assert_non_null(strstr(err->message, "/nonexistent"));
	assert_non_null(strstr(err->hint, "TMPDIR"));
	pyi_error_destroy(err);
	if (old)
		setenv("TMPDIR", old, 1);
	else
		unsetenv("TMPDIR");
	free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plain, set_up),
		cmocka_unit_test_setup(test_whole, set_up),
		cmocka_unit_test_setup(test_cut, set_up),
		cmocka_unit_test_setup(test_garbage, set_up),
		cmocka_unit_test_setup(test_whole_buffers, set_up),
		cmocka_unit_test_setup(test_report, set_up),
		cmocka_unit_test_setup(test_report_without_core, set_up),
		cmocka_unit_test_setup(test_no_room, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
