/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include "lib/lib.h"
#include "main/main.h"

#include <fcntl.h>
#include <unistd.h>

static int start(void **state)
{
	return PyInterp_Init(0);
}

/* What dis prints for a source text. */
static const char *listing(const char *text)
{
	static char out[8192];
	char path[] = "/tmp/test_dis.XXXXXX";
	int file = mkstemp(path), saved = dup(STDOUT_FILENO), pipes[2];
	ssize_t n;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	assert_int_equal(pipe(pipes), 0);
	fflush(stdout);
	dup2(pipes[1], STDOUT_FILENO);
	assert_int_equal(dis_file(path), 0);
	assert_int_equal(_PyFile_Flush(PySys_GetObject("stdout")), 0);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(pipes[1]);
	n = read(pipes[0], out, sizeof(out) - 1);
	close(pipes[0]);
	unlink(path);
	assert_true(n >= 0);
	out[n] = '\0';
	return out;
}

static void instructions(void **state)
{
	const char *out = listing("x = 1\nwhile x:\n  x += f(x)\n");

	assert_non_null(strstr(out, "  1           2 LOAD_CONST               0 (1)\n"));
	assert_non_null(strstr(out, "(to "));
	assert_non_null(strstr(out, ">>"));
	assert_non_null(strstr(out, "BINARY_OP               13 (+=)\n"));
}

static void inner_code_and_handlers(void **state)
{
	const char *out = listing("def f():\n  try: g()\n  finally: h()\n");

	assert_non_null(strstr(out, "Disassembly of <code object f"));
	assert_non_null(strstr(out, "ExceptionTable:"));
	assert_non_null(strstr(out, "lasti"));
}

static void missing_file(void **state)
{
	assert_int_equal(dis_file("/nonexistent/x.py"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions),
		cmocka_unit_test(inner_code_and_handlers),
		cmocka_unit_test(missing_file),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
