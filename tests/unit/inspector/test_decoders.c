/* SPDX-License-Identifier: BSD-2-Clause */
/* Each format's own writer against our reader. */
#include "target/unpack_private.h"

#include <lz4frame.h>
#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <cmocka.h>

#define SIZE 30000u

static uint8_t plain[SIZE], packed[4 * SIZE], got[2 * SIZE + 1];

static size_t pack_gzip(uint8_t *to)
{
	z_stream z = {.next_in = plain, .avail_in = SIZE, .next_out = to, .avail_out = 2 * SIZE};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return 2 * SIZE - z.avail_out;
}

static size_t pack_zstd(uint8_t *to)
{
	return ZSTD_compress(to, 2 * SIZE, plain, SIZE, 1);
}

static size_t pack_lz4(uint8_t *to)
{
	return LZ4F_compressFrame(to, 2 * SIZE, plain, SIZE, NULL);
}

static size_t pack_xz(uint8_t *to)
{
	size_t n = 0;

	assert_int_equal(
		lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, plain, SIZE, to, &n, 2 * SIZE),
		LZMA_OK);
	return n;
}

static const struct {
	const char *name;
	size_t (*pack)(uint8_t *to);
} formats[] = {{"gzip", pack_gzip}, {"zstd", pack_zstd}, {"lz4", pack_lz4}, {"xz", pack_xz}};

static int set_up(void **state)
{
	for (size_t i = 0; i < SIZE; i++)
		plain[i] = i / 4096 % 3 == 1 ? 0 : (uint8_t)(i * 2654435761u >> 13);
	return 0;
}

/* Gives at most step bytes at a time and takes at most room; the last result. */
static enum pyi_decoded decode(const struct pyi_decoder *decoder, size_t size, size_t step,
			       size_t room, size_t *ret)
{
	enum pyi_decoded result = PYI_DECODED_MORE;
	void *state = decoder->open();
	size_t at = 0, n = 0;

	assert_non_null(state);
	for (;;) {
		size_t used = size - at < step ? size - at : step;
		size_t out = sizeof(got) - n < room ? sizeof(got) - n : room;
		const bool last = at == size;

		result = decoder->run(state, packed + at, &used, got + n, &out);
		at += used;
		n += out;
		if (result == PYI_DECODED_BAD || (!used && !out && last))
			break;
	}
	decoder->close(state);
	*ret = n;
	return result;
}

static void test_whole_and_in_pieces(void **state)
{
	static const size_t steps[] = {1, 7, 1000, 4 * SIZE};

	for (size_t i = 0; i < 4; i++) {
		const size_t size = formats[i].pack(packed);
		const struct pyi_decoder *decoder = pyi_decoder_find(packed, 8);
		size_t n;

		assert_non_null(decoder);
		assert_string_equal(decoder->name, formats[i].name);
		for (size_t k = 0; k < 4; k++) {
			memset(got, 1, sizeof(got));
			assert_int_equal(decode(decoder, size, steps[k], 3000, &n),
					 PYI_DECODED_END);
			assert_int_equal(n, SIZE);
			assert_memory_equal(got, plain, SIZE);
		}
	}
}

static void test_one_behind_the_other(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		size_t size = formats[i].pack(packed), n;

		size += formats[i].pack(packed + size);
		assert_int_equal(decode(pyi_decoder_find(packed, 8), size, 777, SIZE, &n),
				 PYI_DECODED_END);
		assert_int_equal(n, 2 * SIZE);
		assert_memory_equal(got, plain, SIZE);
		assert_memory_equal(got + SIZE, plain, SIZE);
	}
}

/* Not the end, and nothing that was not there. */
static void test_cut(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		const size_t size = formats[i].pack(packed);
		size_t n;

		assert_int_equal(decode(pyi_decoder_find(packed, 8), size / 2, 777, SIZE, &n),
				 PYI_DECODED_MORE);
		assert_in_range(n, 0, SIZE - 1);
		assert_memory_equal(got, plain, n);
	}
}

static void test_garbage_behind_the_magic(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		size_t n;

		formats[i].pack(packed);
		memset(packed + 6, 0xff, 100);
		assert_int_equal(decode(pyi_decoder_find(packed, 8), 106, 777, SIZE, &n),
				 PYI_DECODED_BAD);
		assert_int_equal(n, 0);
	}
}

static void test_what_is_not_packed(void **state)
{
	static const uint8_t elf[8] = "\x7f"
				      "ELF\2\1\1";

	assert_null(pyi_decoder_find(elf, sizeof(elf)));
	assert_null(pyi_decoder_find((const uint8_t *)"\x1f\x8b", 2)); /* too short to tell */
	assert_null(pyi_decoder_find(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_and_in_pieces),
		cmocka_unit_test(test_one_behind_the_other),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_garbage_behind_the_magic),
		cmocka_unit_test(test_what_is_not_packed),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
