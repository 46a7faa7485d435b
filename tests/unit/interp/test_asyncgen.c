/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

/* drive() runs an awaitable that never waits, and returns its value. */
#define DRIVE                                             \
	"def drive(a):\n"                                 \
	"    i = a.__await__()\n"                         \
	"    try:\n"                                      \
	"        while True: next(i)\n"                   \
	"    except StopIteration as e: return e.value\n" \
	"log = []\n"                                      \
	"async def gen():\n"                              \
	"    try:\n"                                      \
	"        log.append((yield 1))\n"                 \
	"        yield 2\n"                               \
	"    finally: log.append('end')\n"

static void test_items_in_order(void **state)
{
	assert_result(DRIVE "async def main(): return [x async for x in gen()]\n"
			    "result = drive(main()), log",
		      "([1, 2], [None, 'end'])");
}

static void test_send_and_close(void **state)
{
	assert_result(DRIVE "g = gen()\n"
			    "a = drive(g.asend(None)), drive(g.asend('in'))\n"
			    "drive(g.aclose())\nresult = a, log",
		      "((1, 2), ['in', 'end'])");
}

static void test_throw_ends_it(void **state)
{
	assert_program_raises(DRIVE "g = gen()\ndrive(g.__anext__())\n"
				    "drive(g.athrow(KeyError('k')))",
			      PyExc_KeyError, "'k'");
	assert_result(DRIVE "g = gen()\ndrive(g.aclose())\n"
			    "try: drive(g.__anext__())\n"
			    "except StopAsyncIteration: result = log",
		      "[]");
}

static void test_awaited_once(void **state)
{
	assert_program_raises(DRIVE "a = gen().__anext__()\ndrive(a)\ndrive(a)", PyExc_RuntimeError,
			      "cannot reuse already awaited __anext__()/asend()");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_in_order),
		cmocka_unit_test(test_send_and_close),
		cmocka_unit_test(test_throw_ends_it),
		cmocka_unit_test(test_awaited_once),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
