/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#define BOX                                    \
	"import weakref\n"                     \
	"class Box:\n"                         \
	"    def __init__(s): s.x = 1\n"       \
	"    def __len__(s): return 5\n"       \
	"    def __add__(s, o): return o, 7\n" \
	"box = Box()\np = weakref.proxy(box)\n"

static void test_operations_go_through(void **state)
{
	assert_result(BOX "p.y = 2\nresult = p.x, box.y, len(p), p + 3", "(1, 2, 5, (3, 7))");
}

static void test_one_proxy_an_object(void **state)
{
	assert_result(BOX "result = weakref.proxy(box) is p, type(p).__name__",
		      "(True, 'ProxyType')");
}

static void test_dead_referent(void **state)
{
	assert_program_raises(BOX "del box\np.x", PyExc_ReferenceError,
			      "weakly-referenced object no longer exists");
	assert_program_raises(BOX "del box\nlen(p)", PyExc_ReferenceError,
			      "weakly-referenced object no longer exists");
}

static void test_not_hashable(void **state)
{
	assert_program_raises(BOX "hash(p)", PyExc_TypeError,
			      "unhashable type: 'weakref.ProxyType'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operations_go_through),
		cmocka_unit_test(test_one_proxy_an_object),
		cmocka_unit_test(test_dead_referent),
		cmocka_unit_test(test_not_hashable),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
