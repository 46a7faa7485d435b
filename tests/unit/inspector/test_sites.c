/* SPDX-License-Identifier: BSD-2-Clause */
/* Which instructions may be probed, and what a probe there costs. */
#include "trace/sites.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

static void emulated(void **state)
{
	assert_int_equal(pyi_site_classify(BYTES(0x90)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0x55)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0x41, 0x57)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0xe8, 0, 0, 0, 0)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0xe9, 0, 0, 0, 0)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0xeb, 0)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0x74, 0)), PYI_SITE_EMULATED);
	assert_int_equal(pyi_site_classify(BYTES(0x0f, 0x85, 0, 0, 0, 0)), PYI_SITE_EMULATED);
}

static void stepped(void **state)
{
	assert_int_equal(pyi_site_classify(BYTES(0x48, 0x89, 0x47, 0x48)), PYI_SITE_STEPPED);
	assert_int_equal(pyi_site_classify(BYTES(0xc3)), PYI_SITE_STEPPED);
	/* An indirect jump is no jcc, a pop no push. */
	assert_int_equal(pyi_site_classify(BYTES(0xff, 0x24, 0xc5, 0, 0, 0, 0)), PYI_SITE_STEPPED);
	assert_int_equal(pyi_site_classify(BYTES(0x41, 0x5f)), PYI_SITE_STEPPED);
}

static void never(void **state)
{
	assert_int_equal(pyi_site_classify(BYTES(0x0f, 0x1f, 0x44, 0, 0)), PYI_SITE_NEVER);
	assert_int_equal(pyi_site_classify(BYTES(0x66, 0x90)), PYI_SITE_NEVER);
	assert_int_equal(pyi_site_classify(BYTES(0x66, 0x2e, 0x0f, 0x1f)), PYI_SITE_NEVER);
	assert_int_equal(pyi_site_classify(BYTES(0xf3, 0x90)), PYI_SITE_NEVER);
	assert_int_equal(pyi_site_classify(BYTES(0xcc)), PYI_SITE_NEVER);
	assert_int_equal(pyi_site_classify(NULL, 0), PYI_SITE_NEVER);
}

static void registers(void **state)
{
	assert_int_equal(pyi_site_register("r15", 3), 0);
	assert_int_equal(pyi_site_register("rbx 8@", 3), 5);
	assert_int_equal(pyi_site_register("rsp", 3), 19);
	assert_int_equal(pyi_site_register("r1", 2), -1);
	assert_int_equal(pyi_site_register("eax", 3), -1);
	assert_int_equal(pyi_site_register("", 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emulated),
		cmocka_unit_test(stepped),
		cmocka_unit_test(never),
		cmocka_unit_test(registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
