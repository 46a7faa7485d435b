/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in memory: pagemap entries, smaps text, and our own pages. */
#include "report/residency.h"

#include "target/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#define PRESENT (UINT64_C(1) << 63)
#define SWAPPED (UINT64_C(1) << 62)

static void test_entries(void **state)
{
	struct pyi_residency r = {.how = PYI_RESIDENCY_PAGES};
	const uint64_t entries[] = {PRESENT, PRESENT | 5, 0, SWAPPED, PRESENT, 1};
	const uint64_t more[] = {PRESENT};

	(void)state;
	assert_null(pyi_residency_add(&r, 0x10000, entries, 6));
	assert_int_equal(r.runs.len, 2);
	assert_int_equal(r.runs.data[0].lo, 0x10000);
	assert_int_equal(r.runs.data[0].hi, 0x12000);
	assert_int_equal(r.runs.data[1].lo, 0x14000);
	assert_null(pyi_residency_add(&r, 0x15000, more, 1)); /* touches the last one */
	assert_int_equal(r.runs.len, 2);
	assert_int_equal(r.runs.data[1].hi, 0x16000);
	assert_int_equal(pyi_residency_count(&r, 0, UINT64_MAX), 4 * PYI_PAGE_SIZE);
	assert_int_equal(pyi_residency_count(&r, 0x11000, 0x15000), 2 * PYI_PAGE_SIZE);
	assert_int_equal(pyi_residency_count(&r, 0x12000, 0x14000), 0);
	assert_int_equal(pyi_residency_count(&r, 0x16000, 0x20000), 0);
	pyi_residency_deinit(&r);
}

static void test_smaps(void **state)
{
	static const char text[] = "10000-20000 rw-p 00000000 00:00 0                  [heap]\n"
				   "Size:                 64 kB\n"
				   "Rss:                  32 kB\n"
				   "VmFlags: rd wr mr\n"
				   "30000-31000 r--p 00000000 08:01 5 /Rss: 7 kB\n"
				   "Rss:                   4 kB\n";
	struct pyi_residency r = {.how = PYI_RESIDENCY_MAPPINGS};

	(void)state;
	assert_null(pyi_residency_parse_smaps(text, &r));
	assert_int_equal(r.mappings.len, 2);
	assert_int_equal(pyi_residency_count(&r, 0x10000, 0x20000), 32 << 10);
	assert_int_equal(pyi_residency_count(&r, 0x10000, 0x14000), 8 << 10);
	assert_int_equal(pyi_residency_count(&r, 0x30000, 0x31000), 4 << 10);
	assert_int_equal(pyi_residency_count(&r, 0x20000, 0x30000), 0);
	pyi_residency_deinit(&r);
	r = (struct pyi_residency){.how = PYI_RESIDENCY_MAPPINGS};
	assert_null(pyi_residency_parse_smaps("Rss: 5 kB\ngarbage\n\n5-4 r", &r));
	assert_int_equal(r.mappings.len, 0);
	pyi_residency_deinit(&r);
}

static void test_unknown(void **state)
{
	struct pyi_residency r = {.how = PYI_RESIDENCY_UNKNOWN};
	struct pyi_maps maps = {0};

	(void)state;
	assert_int_equal(pyi_residency_count(&r, 0, 0x1000), UINT64_MAX);
	assert_null(pyi_residency_read("/proc/0", &maps, &r));
	assert_int_equal(r.how, PYI_RESIDENCY_UNKNOWN);
}

/* Of eight pages the 1st, 2nd and 6th are written; the last is read only: the page of zeros. */
static void test_own(void **state)
{
	const size_t size = 8 * PYI_PAGE_SIZE;
	volatile char *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pyi_residency r;
	struct pyi_maps maps;
	uint64_t lo = (uint64_t)(uintptr_t)memory;
	char byte, dir[40];

	(void)state;
	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise((void *)memory, size, MADV_NOHUGEPAGE);
	memory[0] = memory[PYI_PAGE_SIZE] = memory[5 * PYI_PAGE_SIZE] = 1;
	byte = memory[7 * PYI_PAGE_SIZE];
	assert_int_equal(byte, 0);
	snprintf(dir, sizeof(dir), "/proc/%d", (int)getpid());
	assert_null(pyi_maps_read(getpid(), &maps));
	assert_null(pyi_residency_read(dir, &maps, &r));
	if (r.how != PYI_RESIDENCY_PAGES)
		skip();
	assert_int_equal(pyi_residency_count(&r, lo, lo + 2 * PYI_PAGE_SIZE), 2 * PYI_PAGE_SIZE);
	assert_int_equal(pyi_residency_count(&r, lo + 2 * PYI_PAGE_SIZE, lo + 5 * PYI_PAGE_SIZE),
			 0);
	assert_int_equal(pyi_residency_count(&r, lo, lo + 7 * PYI_PAGE_SIZE), 3 * PYI_PAGE_SIZE);
	pyi_residency_deinit(&r);
	pyi_maps_deinit(&maps);
	munmap((void *)memory, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_smaps),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
