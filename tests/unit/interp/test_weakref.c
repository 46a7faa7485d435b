/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#define BOX "import weakref\nclass Box: pass\nbox = Box()\nresult = []\n"

static void test_reference_ends_with_the_object(void **state)
{
	assert_result(BOX "r = weakref.ref(box)\na = r() is box\ndel box\nresult = a, r()",
		      "(True, None)");
}

static void test_shared_without_callback(void **state)
{
	assert_result(BOX "a, b, c = weakref.ref(box), weakref.ref(box), weakref.ref(box, print)\n"
			  "result = a is b, a is c, a == c, weakref.getweakrefcount(box)",
		      "(True, False, True, 2)");
}

static void test_callbacks_newest_first(void **state)
{
	assert_result(BOX "a = weakref.ref(box, lambda r: result.append(('a', r())))\n"
			  "b = weakref.ref(box, lambda r: result.append(('b', r())))\ndel box",
		      "[('b', None), ('a', None)]");
	assert_result(BOX "weakref.ref(box, result.append)\ndel box", "[]");
}

static void test_hash_outlives_the_object(void **state)
{
	assert_result(BOX "r = weakref.ref(box)\nh = hash(r)\ndel box\nresult = hash(r) == h",
		      "True");
	assert_program_raises(BOX "r = weakref.ref(box)\ndel box\nhash(r)", PyExc_TypeError,
			      "weak object has gone away");
}

static void test_not_of_everything(void **state)
{
	assert_program_raises("import weakref\nweakref.ref(3)", PyExc_TypeError,
			      "cannot create weak reference to 'int' object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_ends_with_the_object),
		cmocka_unit_test(test_shared_without_callback),
		cmocka_unit_test(test_callbacks_newest_first),
		cmocka_unit_test(test_hash_outlives_the_object),
		cmocka_unit_test(test_not_of_everything),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
