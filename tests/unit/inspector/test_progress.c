/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard error is a terminal of ours, or is none. */
#include "cmd/progress.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define SECOND INT64_C(1000000000)
#define HOUR   (3600 * SECOND)

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* What it writes when it began so long ago; ended in any case. */
static void tell(bool terminal, int64_t ago_ns, char *ret, size_t size)
{
	struct pyi_progress progress = {.begin_ns = ago_ns ? now_ns() - ago_ns : 0};
	int old = dup(STDERR_FILENO), master = posix_openpt(O_RDWR | O_NOCTTY), pipes[2];
	int from = master, to;
	ssize_t n;

	assert_int_equal(pipe(pipes), 0);
	assert_true(master >= 0 && !grantpt(master) && !unlockpt(master));
	to = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(to >= 0);
	if (!terminal)
		from = pipes[0];
	dup2(terminal ? to : pipes[1], STDERR_FILENO);
	pyi_progress_tell(&progress, 30, 120);
	progress.last_ns += HOUR; /* however slow this test is, the next one comes too early */
	pyi_progress_tell(&progress, 60, 120);
	pyi_progress_end(&progress);
	pyi_progress_end(&progress);
	dup2(old, STDERR_FILENO);
	fcntl(from, F_SETFL, O_NONBLOCK);
	n = read(from, ret, size - 1);
	ret[n > 0 ? n : 0] = '\0';
	close(old);
	close(master);
	close(to);
	close(pipes[0]);
	close(pipes[1]);
}

/* Once in a while, and the line goes away again. */
static void test_on_a_terminal(void **state)
{
	char text[256];

	tell(true, 5 * SECOND, text, sizeof(text));
	assert_string_equal(text, "\runpacking: 25 %\r\033[K");
}

static void test_not_in_the_first_second(void **state)
{
	char text[256];

	tell(true, -HOUR, text, sizeof(text));
	assert_string_equal(text, "");
}

static void test_not_into_a_file(void **state)
{
	char text[256];

	tell(false, 5 * SECOND, text, sizeof(text));
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_on_a_terminal),
		cmocka_unit_test(test_not_in_the_first_second),
		cmocka_unit_test(test_not_into_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
