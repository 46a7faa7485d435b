/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding code into what a finder of sites asks of it. */
#include "trace/insns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAVE_BPF

enum { RAX = 10, RDI = 14, RSP = 19, R13 = 2 };

static struct pyi_insns decode(const uint8_t *code, size_t len)
{
	struct pyi_insns insns = {0};

	assert_null(pyi_insns_decode(&insns, 0x1000, code, len));
	return insns;
}

static void stores_loads_and_leas(void **state)
{
	static const uint8_t code[] = {
		0x48, 0x8d, 0x84, 0x24, 0x80, 0, 0, 0, /* lea 0x80(%rsp),%rax */
		0x48, 0x89, 0x47, 0x38,                /* mov %rax,0x38(%rdi) */
		0x4c, 0x8b, 0x6f, 0x10,                /* mov 0x10(%rdi),%r13 */
		0x89, 0x47, 0x38,             /* mov %eax,0x38(%rdi): not all of a register */
		0x48, 0x89, 0x44, 0xc7, 0x38, /* mov %rax,0x38(%rdi,%rax,8): indexed */
	};
	struct pyi_insns insns = decode(code, sizeof(code));
	const struct pyi_insn *i = insns.list.data;

	assert_int_equal(insns.list.len, 5);
	assert_int_equal(i[0].kind, PYI_INSN_LEA);
	assert_int_equal(i[0].base, RSP);
	assert_int_equal(i[0].disp, 0x80);
	assert_int_equal(i[0].writes, 1u << RAX);
	assert_int_equal(i[1].addr, 0x1008);
	assert_int_equal(i[1].kind, PYI_INSN_STORE);
	assert_int_equal(i[1].reg, RAX);
	assert_int_equal(i[1].base, RDI);
	assert_int_equal(i[1].disp, 0x38);
	assert_int_equal(i[1].writes, 0);
	assert_int_equal(i[2].kind, PYI_INSN_LOAD);
	assert_int_equal(i[2].reg, R13);
	assert_int_equal(i[3].kind, PYI_INSN_OTHER);
	assert_int_equal(i[4].kind, PYI_INSN_OTHER);
	pyi_insns_deinit(&insns);
}

static void where_code_goes_on(void **state)
{
	static const uint8_t code[] = {
		0x74, 0x02,          /* je +2 */
		0xe8, 0,    0, 0, 0, /* call */
		0xff, 0xe0,          /* jmp *%rax */
		0xff, 0xd0,          /* call *%rax */
		0xc3,                /* ret */
	};
	struct pyi_insns insns = decode(code, sizeof(code));
	const struct pyi_insn *i = insns.list.data;

	assert_int_equal(insns.list.len, 5);
	assert_int_equal(i[0].jump, 0x1004);
	assert_int_equal(i[1].kind, PYI_INSN_OTHER);
	assert_int_equal(i[1].jump, 0);
	for (int k = 2; k < 5; k++)
		assert_int_equal(i[k].kind, PYI_INSN_END);
	pyi_insns_deinit(&insns);
}

static void what_is_no_code(void **state)
{
	static const uint8_t code[] = {0x90, 0x06}; /* 06 is none in 64 bits */
	struct pyi_insns insns = {0};
	struct pyi_error *err = pyi_insns_decode(&insns, 0x1000, code, sizeof(code));

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	assert_non_null(strstr(err->message, "0x1001"));
	pyi_error_destroy(err);
	pyi_insns_deinit(&insns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_loads_and_leas),
		cmocka_unit_test(where_code_goes_on),
		cmocka_unit_test(what_is_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void test_built_without_capstone(void **state)
{
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_built_without_capstone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
