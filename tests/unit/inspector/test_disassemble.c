/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/disassemble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const uint8_t code[] = {0x0f, 0xb6, 0x00, 0xc3, 0x90, 0x90, 0x90, 0x90};

static void show(uint64_t pc, struct pyi_report_thread *thread)
{
	struct pyi_mem *mem;

	assert_null(pyi_mem_create(&mem));
	assert_null(pyi_mem_add_buffer(mem, 0x1000, code, sizeof(code)));
	*thread = (struct pyi_report_thread){0};
	assert_null(pyi_disassemble(mem, pc, thread));
	pyi_mem_destroy(mem);
}

static void release(struct pyi_report_thread *thread)
{
	for (size_t i = 0; i < thread->n_code; i++)
		free(thread->code[i].text);
	free(thread->code);
}

static void instructions(void **state)
{
	struct pyi_report_thread thread;

	show(0x1000, &thread);
	assert_true(thread.n_code >= 1);
	assert_int_equal(thread.code[0].addr, 0x1000);
	assert_int_equal(thread.code[0].bytes[0], 0x0f);
#ifdef HAVE_CAPSTONE
	assert_string_equal(thread.code[0].text, "movzx eax, byte ptr [rax]");
	assert_int_equal(thread.code[0].n_bytes, 3);
	assert_int_equal(thread.code[1].addr, 0x1003);
	assert_string_equal(thread.code[1].text, "ret");
#endif
	release(&thread);
}

static void no_code_there(void **state)
{
	struct pyi_report_thread thread;

	show(0, &thread);
	assert_int_equal(thread.n_code, 0);
	release(&thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions),
		cmocka_unit_test(no_code_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
