/* SPDX-License-Identifier: BSD-2-Clause */
/* The top of a first stack: argc, argv, the environment, the auxiliary vector, strings. */
#include "target/startup.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BASE    0x7ffc00000000ull
#define STRINGS (BASE + 2048)
#define RANDOM  (BASE + 4000)

static uint8_t stack[4096];
static uint64_t *const words = (uint64_t *)stack;
static size_t n_words, n_text;
static struct pyi_target target;
static Elf64_auxv_t auxv[4];

static void put(uint64_t word)
{
	words[n_words++] = word;
}

static uint64_t put_text(const char *text)
{
	uint64_t at = STRINGS + n_text;

	memcpy(stack + (at - BASE), text, strlen(text) + 1);
	n_text += strlen(text) + 1;
	return at;
}

/* As the kernel lays it out (Linux fs/binfmt_elf.c, create_elf_tables). */
static int set_up(void **state)
{
	memset(stack, 0, sizeof(stack));
	n_words = 100;
	n_text = 0;
	auxv[0] = (Elf64_auxv_t){AT_PAGESZ, {4096}};
	auxv[1] = (Elf64_auxv_t){AT_ENTRY, {0x401000}};
	auxv[2] = (Elf64_auxv_t){AT_RANDOM, {RANDOM}};
	auxv[3] = (Elf64_auxv_t){AT_NULL, {0}};
	put(3);
	put(put_text("python3"));
	put(put_text("a b"));
	put(put_text(""));
	put(0);
	put(put_text("HOME=/"));
	put(0);
	for (size_t i = 0; i < 4; i++) {
		put(auxv[i].a_type);
		put(auxv[i].a_un.a_val);
	}
	target = (struct pyi_target){.auxv = (uint8_t *)auxv, .auxv_size = sizeof(auxv)};
	assert_null(pyi_mem_create(&target.mem));
	assert_null(pyi_mem_add_buffer(target.mem, BASE, stack, sizeof(stack)));
	return 0;
}

static int tear_down(void **state)
{
	for (size_t i = 0; i < target.cmdline_n; i++)
		free(target.cmdline[i]);
	free(target.cmdline);
	pyi_mem_destroy(target.mem);
	return 0;
}

static void test_the_command_line(void **state)
{
	assert_null(pyi_startup_read(&target));
	assert_int_equal(target.cmdline_n, 3);
	assert_string_equal(target.cmdline[0], "python3");
	assert_string_equal(target.cmdline[1], "a b");
	assert_string_equal(target.cmdline[2], "");
}

static void expect_none(void)
{
	assert_null(pyi_startup_read(&target));
	assert_int_equal(target.cmdline_n, 0);
	assert_non_null(target.cmdline);
}

static void test_without_the_vector(void **state)
{
	target.auxv_size = 0;
	expect_none();
}

static void test_another_vector_in_memory(void **state)
{
	words[n_words - 8] = 77;
	expect_none();
}

static void test_a_wrong_count(void **state)
{
	words[100] = 4;
	expect_none();
}

static void test_strings_that_are_not_there(void **state)
{
	words[102] = 0x1234; /* the second */
	assert_null(pyi_startup_read(&target));
	assert_int_equal(target.cmdline_n, 1);
	assert_string_equal(target.cmdline[0], "python3");
}

static void test_memory_that_is_not_there(void **state)
{
	auxv[2].a_un.a_val = BASE - 8;
	expect_none();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_command_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_without_the_vector, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_another_vector_in_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_wrong_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_strings_that_are_not_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_memory_that_is_not_there, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
