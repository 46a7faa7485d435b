/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory reader over buffers and over sources that count what is asked of them. */
#include "target/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define P PYI_PAGE_SIZE

/* Every page holds its own number in each word plus `salt`; pages listed in bad are unreadable. */
struct fake {
	uint64_t salt;
	uint64_t bad[4];
	size_t good_of_bad; /* bytes at the start of a bad page that can be read */
	size_t calls, pieces;
};

static void fake_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	struct fake *fake = arg;
	fake->calls++;
	for (size_t i = 0; i < n; i++) {
		fake->pieces++;
		iov[i].got = iov[i].len;
		for (size_t k = 0; k < iov[i].len; k++)
			((uint8_t *)iov[i].buf)[k] =
				(uint8_t)(((iov[i].addr + k) >> 12) + fake->salt);
		for (size_t k = 0; k < 4; k++) {
			if (fake->bad[k] && fake->bad[k] == (iov[i].addr & ~(uint64_t)(P - 1)))
				iov[i].got = fake->good_of_bad;
		}
	}
}

static const char *fake_why(void *arg, uint64_t addr)
{
	(void)arg, (void)addr;
	return "made up";
}

static struct pyi_mem *new_mem(void)
{
	struct pyi_mem *mem = NULL;
	assert_null(pyi_mem_create(&mem));
	return mem;
}

static struct pyi_mem *fake_mem(struct fake *fake)
{
	struct pyi_mem *mem = new_mem();
	struct pyi_mem_source src = {
		.readv = fake_readv, .why = fake_why, .arg = fake, .cached = true};
	assert_null(pyi_mem_add(mem, 0, 0, &src));
	return mem;
}

static uint8_t byte_at(struct pyi_mem *mem, uint64_t addr)
{
	uint8_t byte;
	assert_int_equal(pyi_mem_read_some(mem, addr, &byte, 1), 1);
	return byte;
}

static void test_buffer(void **state)
{
	(void)state;
	struct pyi_mem *mem = new_mem();
	char out[16] = "";
	uint32_t word;
	assert_null(pyi_mem_add_buffer(mem, 100, "abcdefgh", 8));
	assert_null(pyi_mem_read(mem, 102, out, 3));
	assert_memory_equal(out, "cde", 3);
	assert_null(pyi_mem_read_u32(mem, 104, &word));
	assert_int_equal(word, 0x68676665);
	assert_int_equal(pyi_mem_read_some(mem, 106, out, 16), 2);
	assert_int_equal(pyi_mem_read_some(mem, 108, out, 16), 0);
	assert_int_equal(pyi_mem_read_some(mem, 99, out, 2), 0);
	struct pyi_error *err = pyi_mem_read(mem, 106, out, 4);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	assert_int_equal(err->address, 108);
	assert_string_equal(err->message, "cannot read 4 bytes at 0x6a: 0x6c is not mapped");
	pyi_error_destroy(err);
	word = 7;
	err = pyi_mem_read_u32(mem, 106, &word);
	assert_int_equal(word, 7);
	pyi_error_destroy(err);
	pyi_mem_destroy(mem);
}

static void test_override(void **state)
{
	(void)state;
	struct pyi_mem *mem = new_mem();
	char out[32] = "";
	assert_null(pyi_mem_add_buffer(mem, 10, "..........", 10));
	assert_null(pyi_mem_add_buffer(mem, 13, "abc", 3)); /* splits */
	assert_null(pyi_mem_add_buffer(mem, 8, "xyz", 3));  /* over the left edge */
	assert_null(pyi_mem_add_buffer(mem, 19, "LR", 2));  /* over the right edge */
	assert_null(pyi_mem_read(mem, 8, out, 13));
	assert_string_equal(out, "xyz..abc...LR");
	assert_null(pyi_mem_add_buffer(mem, 0, "________________________________", 32));
	assert_null(pyi_mem_read(mem, 8, out, 13));
	assert_string_equal(out, "_____________");
	pyi_mem_destroy(mem);
}

static void test_top_of_memory(void **state)
{
	(void)state;
	struct pyi_mem *mem = new_mem();
	char out[64];
	uint64_t word;
	assert_null(pyi_mem_add_buffer(mem, UINT64_MAX - 7, "topbytes", 8));
	assert_int_equal(pyi_mem_read_some(mem, UINT64_MAX - 7, out, 64), 8);
	assert_int_equal(pyi_mem_read_some(mem, UINT64_MAX, out, SIZE_MAX), 1);
	assert_int_equal(out[0], 's');
	assert_null(pyi_mem_read_u64(mem, UINT64_MAX - 7, &word));
	struct pyi_error *err = pyi_mem_read_u64(mem, UINT64_MAX - 6, &word);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	pyi_error_destroy(err);
	err = pyi_mem_add_buffer(mem, UINT64_MAX, "no", 2);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	pyi_error_destroy(err);
	struct pyi_mem_source src = {.readv = fake_readv};
	err = pyi_mem_add(mem, 5, 5, &src);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	pyi_error_destroy(err);
	pyi_mem_destroy(mem);

	struct fake fake = {0};
	mem = fake_mem(&fake);
	assert_int_equal(pyi_mem_read_some(mem, UINT64_MAX - 3, out, 64), 4);
	assert_int_equal(pyi_mem_read_some(mem, 0, out, 4), 4);
	struct pyi_mem_iov huge = {.addr = UINT64_MAX - 4096, .len = SIZE_MAX};
	pyi_mem_prefetch(mem, &huge, 1);
	char *text;
	fake.salt = 1; /* no NUL up to the end of memory */
	assert_null(pyi_mem_add(mem, 0, 0,
				&(struct pyi_mem_source){.readv = fake_readv, .arg = &fake}));
	err = pyi_mem_read_cstr(mem, UINT64_MAX - (uint64_t)P * 3 + 1, SIZE_MAX, &text);
	if (err)
		assert_int_equal(err->code, PYI_ERR_FAULT);
	else
		free(text);
	pyi_error_destroy(err);
	pyi_mem_destroy(mem);
}

static void test_cache(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct pyi_mem *mem = fake_mem(&fake);
	uint8_t big[5 * P];
	assert_int_equal(byte_at(mem, 3 * P + 7), 3);
	assert_int_equal(byte_at(mem, 3 * P + 9), 3);
	assert_int_equal(fake.calls, 1);
	/* A long read fetches what is missing in one batch. */
	assert_int_equal(pyi_mem_read_some(mem, P + 1, big, sizeof(big)), sizeof(big));
	assert_int_equal(fake.calls, 2);
	assert_int_equal(fake.pieces, 1 + 5);
	assert_int_equal(big[0], 1);
	assert_int_equal(big[5 * P - 1], 6);
	fake.salt = 100;
	assert_int_equal(byte_at(mem, 3 * P), 3);
	assert_null(pyi_mem_read_now(mem, 3 * P, big, 2 * P));
	assert_int_equal(big[0], 103);
	assert_int_equal(byte_at(mem, 3 * P), 3);
	struct pyi_mem_stats stats;
	pyi_mem_stats(mem, &stats);
	assert_int_equal(stats.cached_pages, 6);
	assert_int_equal(stats.late_pages, 0);
	pyi_mem_destroy(mem);
}

static void test_many_pages(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct pyi_mem *mem = fake_mem(&fake);
	for (uint64_t i = 0; i < 5000; i++)
		assert_int_equal(byte_at(mem, i * 7919 % 5000 * P * 3),
				 (uint8_t)(i * 7919 % 5000 * 3));
	fake.calls = 0;
	fake.salt = 1;
	pyi_mem_refresh(mem);
	assert_true(fake.calls < 20);
	for (uint64_t i = 0; i < 5000; i++)
		assert_int_equal(byte_at(mem, i * P * 3), (uint8_t)(i * 3 + 1));
	assert_true(fake.calls < 20);
	pyi_mem_destroy(mem);
}

/* Only what the rehearsal asks for is read again by refresh; the rest when it is needed, and late.
 */
static void test_mark(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct pyi_mem *mem = fake_mem(&fake);
	byte_at(mem, P);
	byte_at(mem, 8 * P);
	pyi_mem_mark(mem);
	byte_at(mem, 8 * P);
	fake.calls = 0;
	fake.salt = 10;
	pyi_mem_refresh(mem);
	assert_int_equal(fake.calls, 1);
	pyi_mem_freeze(mem);
	fake.salt = 20;
	assert_int_equal(byte_at(mem, 8 * P), 18);
	assert_false(pyi_mem_is_late(mem, 8 * P));
	assert_int_equal(byte_at(mem, P), 21);
	assert_true(pyi_mem_is_late(mem, P));
	pyi_mem_destroy(mem);
}

static void test_unreadable(void **state)
{
	(void)state;
	struct fake fake = {.bad = {5 * P}, .good_of_bad = 10};
	struct pyi_mem *mem = fake_mem(&fake);
	uint8_t buf[3 * P];
	assert_int_equal(pyi_mem_read_some(mem, 4 * P, buf, sizeof(buf)), P + 10);
	struct pyi_error *err = pyi_mem_read(mem, 4 * P, buf, sizeof(buf));
	assert_int_equal(err->address, 5 * P + 10);
	assert_non_null(strstr(err->message, "made up"));
	pyi_error_destroy(err);
	fake.good_of_bad = 0;
	fake.bad[0] = 9 * P;
	size_t calls = fake.calls;
	for (int i = 0; i < 10; i++)
		assert_int_equal(pyi_mem_read_some(mem, 9 * P + 5, buf, 1), 0);
	assert_int_equal(fake.calls, calls + 1); /* not asked for again */
	fake.bad[0] = 0;
	pyi_mem_refresh(mem); /* may have become readable */
	assert_int_equal(byte_at(mem, 9 * P), 9);
	pyi_mem_destroy(mem);
}

static void test_freeze(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct pyi_mem *mem = fake_mem(&fake);
	uint8_t byte;
	byte_at(mem, P);
	byte_at(mem, 8 * P);
	fake.salt = 10;
	fake.bad[0] = 8 * P;
	pyi_mem_refresh(mem);
	pyi_mem_freeze(mem);
	fake.salt = 20;
	assert_int_equal(byte_at(mem, P), 11);
	assert_int_equal(pyi_mem_read_some(mem, 8 * P, &byte, 1), 0);
	assert_false(pyi_mem_is_late(mem, P));
	assert_true(pyi_mem_is_late(mem, 2 * P));
	assert_int_equal(byte_at(mem, 2 * P), 22);
	assert_true(pyi_mem_is_late(mem, 2 * P + 5));
	struct pyi_mem_stats stats;
	pyi_mem_stats(mem, &stats);
	assert_int_equal(stats.cached_pages, 2);
	assert_int_equal(stats.late_pages, 1);
	pyi_mem_refresh(mem);
	assert_false(pyi_mem_is_late(mem, 2 * P));
	assert_false(pyi_mem_is_late(mem, 50 * P));
	pyi_mem_destroy(mem);
}

static void test_constant(void **state)
{
	(void)state;
	struct fake live = {0}, file = {.salt = 50};
	struct pyi_mem *mem = fake_mem(&live);
	assert_int_equal(byte_at(mem, 4 * P), 4);
	struct pyi_mem_source src = {
		.readv = fake_readv, .arg = &file, .cached = true, .constant = true};
	assert_null(pyi_mem_add(mem, 4 * P, 6 * P, &src));
	assert_int_equal(byte_at(mem, 4 * P), 54); /* the cached page was dropped */
	assert_int_equal(file.calls, 1);
	pyi_mem_refresh(mem);
	pyi_mem_freeze(mem);
	assert_int_equal(file.calls, 1);
	assert_int_equal(byte_at(mem, 5 * P), 55);
	assert_false(pyi_mem_is_late(mem, 5 * P));
	assert_false(pyi_mem_is_late(mem, 4 * P));
	pyi_mem_destroy(mem);
}

/* A cached range that ends inside a page must not lend its bytes to the neighbour. */
static void test_unaligned_range(void **state)
{
	(void)state;
	struct fake fake = {0}, other = {.salt = 100};
	struct pyi_mem *mem = new_mem();
	uint8_t buf[P];
	struct pyi_mem_source src = {.readv = fake_readv, .arg = &fake, .cached = true};
	struct pyi_mem_source src2 = {.readv = fake_readv, .arg = &other, .cached = true};
	assert_null(pyi_mem_add(mem, P, 2 * P + 100, &src));
	assert_null(pyi_mem_add(mem, 2 * P + 200, 4 * P, &src2));
	assert_int_equal(pyi_mem_read_some(mem, 2 * P + 90, buf, 20), 10);
	assert_int_equal(buf[9], 2);
	assert_int_equal(pyi_mem_read_some(mem, 2 * P + 200, buf, P), P);
	assert_int_equal(buf[0], 102);
	assert_int_equal(buf[P - 1], 103);
	pyi_mem_destroy(mem);
}

static void test_prefetch(void **state)
{
	(void)state;
	struct fake fake = {.bad = {3 * P}};
	struct pyi_mem *mem = fake_mem(&fake);
	struct pyi_mem_iov ranges[] = {
		{.addr = P + 5, .len = 4 * P},
		{.addr = 100 * P, .len = 1},
		{.addr = 200 * P, .len = 0},
	};
	uint8_t byte;
	pyi_mem_prefetch(mem, ranges, 3);
	assert_int_equal(fake.calls, 1);
	assert_int_equal(fake.pieces, 6);
	pyi_mem_prefetch(mem, ranges, 3);
	assert_int_equal(fake.calls, 1);
	assert_int_equal(byte_at(mem, 5 * P), 5);
	assert_int_equal(pyi_mem_read_some(mem, 3 * P, &byte, 1), 0);
	assert_int_equal(fake.calls, 1);
	pyi_mem_destroy(mem);
}

static void test_cstr(void **state)
{
	(void)state;
	struct pyi_mem *mem = new_mem();
	char page[2 * P], *text;
	memset(page, 'x', sizeof(page));
	page[P + 3] = '\0';
	assert_null(pyi_mem_add_buffer(mem, 0x10000, page, sizeof(page)));
	assert_null(pyi_mem_read_cstr(mem, 0x10000 + P - 2, 100, &text));
	assert_string_equal(text, "xxxxx");
	free(text);
	assert_null(pyi_mem_read_cstr(mem, 0x10000, 3, &text));
	assert_string_equal(text, "xxx");
	free(text);
	assert_null(pyi_mem_read_cstr(mem, 0x10000, 0, &text));
	assert_string_equal(text, "");
	free(text);
	struct pyi_error *err = pyi_mem_read_cstr(mem, 0x10000 + P + 4, 1 << 20, &text);
	assert_int_equal(err->code, PYI_ERR_FAULT);
	assert_int_equal(err->address, 0x10000 + 2 * P);
	pyi_error_destroy(err);
	pyi_mem_destroy(mem);
}

struct seen {
	uint64_t addrs[8];
	size_t n, unreadable;
};

static void note_page(void *arg, uint64_t addr, const void *data)
{
	struct seen *seen = arg;
	if (!data) {
		assert_int_equal(addr, 7 * P);
		seen->unreadable++;
		return;
	}
	assert_int_equal(*(const uint8_t *)data, (uint8_t)(addr >> 12));
	seen->addrs[seen->n++] = addr;
}

static void test_for_each_page(void **state)
{
	(void)state;
	struct fake fake = {.bad = {7 * P}};
	struct pyi_mem *mem = fake_mem(&fake);
	struct seen seen = {0};
	uint8_t byte;
	byte_at(mem, 9 * P);
	byte_at(mem, 2 * P);
	byte_at(mem, 5 * P);
	pyi_mem_read_some(mem, 7 * P, &byte, 1);
	pyi_mem_for_each_page(mem, note_page, &seen);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.addrs[0], 2 * P);
	assert_int_equal(seen.addrs[2], 9 * P);
	assert_int_equal(seen.unreadable, 1);
	pyi_mem_refresh(mem); /* whether it can be read now is not known any more */
	pyi_mem_for_each_page(mem, note_page, &seen);
	assert_int_equal(seen.n, 6);
	assert_int_equal(seen.unreadable, 1);
	pyi_mem_destroy(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffer),        cmocka_unit_test(test_override),
		cmocka_unit_test(test_top_of_memory), cmocka_unit_test(test_cache),
		cmocka_unit_test(test_many_pages),    cmocka_unit_test(test_mark),
		cmocka_unit_test(test_unreadable),    cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_constant),      cmocka_unit_test(test_unaligned_range),
		cmocka_unit_test(test_prefetch),      cmocka_unit_test(test_cstr),
		cmocka_unit_test(test_for_each_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
