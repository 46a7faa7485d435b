/* SPDX-License-Identifier: BSD-2-Clause */
/* What only the iterators' own code can get wrong: iterators that are used or changed from inside
 * their own step, states that do not fit, counts at the edges, cycles, depth. */
#include "program.h"

/* The text runs after `from itertools import *`. */
static void assert_tools(const char *text, const char *expected)
{
	char all[4096];

	snprintf(all, sizeof(all), "from itertools import *\nimport itertools, gc\n%s", text);
	assert_result(all, expected);
}

static void assert_tools_raise(const char *text, PyObject *type, const char *message)
{
	char all[4096];

	snprintf(all, sizeof(all), "from itertools import *\nimport itertools\n%s", text);
	assert_program_raises(all, type, message);
}

static void test_count_goes_past_64_bits(void **state)
{
	assert_tools("c = count(2**63 - 2)\nresult = [next(c) for _ in range(3)], c",
		     "([9223372036854775806, 9223372036854775807, 9223372036854775808], "
		     "count(9223372036854775809))");
	assert_tools("c = count(-2**63 + 4, -3)\nresult = [next(c) + 2**63 for _ in range(3)], c",
		     "([4, 1, -2], count(-9223372036854775813, -3))");
	assert_tools("c = count(True, 2)\nresult = next(c), next(c), count(1, True), count(0, 1.0)",
		     "(True, 3, count(1), count(0, 1.0))");
}

static void test_repeat_counts_down(void **state)
{
	assert_tools("r = repeat('x', 2**63 - 1)\nnext(r)\nresult = r, r.__length_hint__() + 2",
		     "(repeat('x', 9223372036854775806), 9223372036854775808)");
	assert_tools("result = repeat(1, -5), list(repeat(1, -5))", "(repeat(1, 0), [])");
	assert_tools_raise("repeat(1, 2**63)", PyExc_OverflowError,
			   "Python int too large to convert to C ssize_t");
	assert_tools_raise("repeat(1).__length_hint__()", PyExc_TypeError,
			   "len() of unsized object");
}

static void test_slices_at_the_edges(void **state)
{
	assert_tools("it = iter('abcdef')\nresult = list(islice(it, 4, 2)), next(it)", "([], 'e')");
	assert_tools("result = list(islice('abc', 1, None, 2**63 - 1))", "['b']");
	assert_tools("s = islice('abcdef', 1, 5)\ns.__setstate__(1)\nresult = list(s)",
		     "['a', 'b', 'c', 'd']");
	assert_tools_raise("islice('a', 0, 1, 0)", PyExc_ValueError,
			   "Step for islice() must be a positive integer or None.");
}

/* Huge sizes fail, or give what they can, without a try to get the memory. */
static void test_huge_sizes(void **state)
{
	assert_tools("result = list(combinations('ab', 2**62)), list(permutations('ab', 2**62))",
		     "([], [])");
	assert_tools("result = list(combinations_with_replacement('', 2**62))", "[]");
	assert_tools_raise("combinations_with_replacement('a', 2**62)", PyExc_MemoryError, NULL);
	assert_tools_raise("product('ab', repeat=2**62)", PyExc_OverflowError,
			   "repeat argument too large");
	assert_tools_raise("tee('a', 2**62)", PyExc_MemoryError, NULL);
	assert_tools("result = list(product('', repeat=0)), list(product(repeat=2**62))",
		     "([()], [()])");
}

/* A tuple that was given out is not written to, however it is held. */
static void test_tuples_are_kept_apart(void **state)
{
	assert_tools("p = permutations('abc', 2)\na = next(p)\nb = next(p)\nnext(p)\n"
		     "result = a, b, next(p)",
		     "(('a', 'b'), ('a', 'c'), ('b', 'c'))");
	assert_tools("z = zip_longest('ab', 'c')\na = next(z)\nresult = a, next(z)",
		     "(('a', 'c'), ('b', None))");
}

static void test_states_are_made_to_fit(void **state)
{
	assert_tools("p = product('ab', 'xyz')\np.__setstate__((99, -99))\nresult = list(p)",
		     "[('b', 'y'), ('b', 'z')]");
	assert_tools("c = combinations('abc', 2)\nc.__setstate__((2**60, 0))\nresult = list(c)",
		     "[('b', 'b'), ('b', 'c')]");
	assert_tools("p = permutations('abc', 2)\n"
		     "p.__setstate__(((9, 9, 9), (-5, 2**60)))\nresult = len(list(p)) > 0",
		     "True");
	assert_tools_raise("permutations('abc').__setstate__(((0,), (0,)))", PyExc_ValueError,
			   "invalid arguments");
	assert_tools_raise("product('ab', 'c').__setstate__(5)", PyExc_ValueError,
			   "invalid arguments");
	assert_tools_raise("chain().__setstate__(([],))", PyExc_TypeError,
			   "Arguments must be iterators.");
	assert_tools_raise(
		"tee('a')[0].__setstate__((itertools._tee_dataobject(iter(''), [], None), 9))",
		PyExc_ValueError, "Index out of range");
}

/* The iterator below comes back to the one above it. */
#define COMES_BACK(make)                                                      \
	"class Below:\n    n = 0\n    def __iter__(self): return self\n"      \
	"    def __next__(self):\n        self.n += 1\n"                      \
	"        if self.n == 3: self.inner = next(above, 'end')\n"           \
	"        if self.n > 6: raise StopIteration\n        return self.n\n" \
	"above = " make "\n"

static void test_steps_that_come_back(void **state)
{
	assert_tools(COMES_BACK("pairwise(Below())") "result = list(above)",
		     "[(1, 2), (2, 4), (4, 5), (5, 6)]");
	assert_tools(COMES_BACK("chain(Below(), 'x')") "result = list(above)",
		     "[1, 2, 4, 5, 6, 'x']");
	assert_tools(COMES_BACK("islice(Below(), 1, None)") "result = list(above)", "[2, 4, 5, 6]");
	assert_tools(COMES_BACK("cycle(Below())") "result = list(islice(above, 8))",
		     "[1, 2, 4, 5, 6, 1, 2, 4]");
	assert_tools(COMES_BACK("zip_longest(Below(), 'ab')") "result = list(above)",
		     "[(1, 'a'), (2, 'b'), (4, None), (5, None), (6, None)]");
	assert_tools(COMES_BACK("accumulate(Below())") "result = list(above)",
		     "[1, 3, 11, 16, 22]");
	assert_tools(
		COMES_BACK("groupby(Below())") "result = [(k, len(list(g))) for k, g in above][:2]",
		"[(1, 1), (2, 1)]");
	assert_program_raises(
		"from itertools import *\n" COMES_BACK("tee(Below())[0]") "list(above)",
		PyExc_RuntimeError, "cannot re-enter the tee iterator");
}

/* What the step runs takes the place of what the step reads. */
static void test_states_set_meanwhile(void **state)
{
	assert_tools("class Below:\n    def __iter__(self): return self\n"
		     "    def __next__(self):\n        above.__setstate__((iter(['xy']),))\n"
		     "        raise StopIteration\n"
		     "above = chain(Below(), 'z')\nresult = list(above)",
		     "['x', 'y']");
	assert_tools(
		"class Key:\n    def __eq__(self, other):\n"
		"        g.__setstate__((1, 2, 3))\n        return False\n"
		"g = groupby([1, 2, 3], lambda x: Key())\nresult = [len(list(v)) for k, v in g]",
		"[1, 1, 1]");
}

static void test_branches_share_and_let_go(void **state)
{
	assert_tools("a, b = tee(range(200))\nn = sum(1 for _ in a)\nc = b.__copy__()\n"
		     "result = n, sum(b), sum(c), next(a, 'end')",
		     "(200, 19900, 19900, 'end')");
	assert_tools("a, b = tee(range(10**5))\nfor _ in a: pass\ndel a, b\nresult = 'gone'",
		     "'gone'");
	assert_tools("a, b = tee(iter('abc'))\nnext(a)\nt, args, (data, i) = a.__reduce__()\n"
		     "c = t(*args)\nc.__setstate__((data, i))\nresult = list(c), list(b), list(a)",
		     "(['b', 'c'], ['a', 'b', 'c'], ['b', 'c'])");
}

static void test_groups_end_with_the_next(void **state)
{
	assert_tools("g = groupby('aab')\nk, first = next(g)\nnext(first)\nk, second = next(g)\n"
		     "result = k, list(first), list(second), next(g, 'end')",
		     "('b', [], ['b'], 'end')");
	assert_tools_raise("itertools._grouper(1, 2)", PyExc_TypeError,
			   "_grouper() argument 1 must be itertools.groupby, not int");
}

static void test_cycles_are_collected(void **state)
{
	assert_tools(
		"class C: pass\nn = 0\nclass Counted:\n"
		"    def __del__(self):\n        global n\n        n += 1\n"
		"for make in (lambda o: repeat(o), lambda o: cycle([o]), lambda o: chain([o]),\n"
		"             lambda o: islice([o], 1), lambda o: count(1, 2), lambda o: "
		"product([o]),\n"
		"             lambda o: permutations([o]), lambda o: tee([o])[0],\n"
		"             lambda o: groupby([o]), lambda o: zip_longest([o], fillvalue=o),\n"
		"             lambda o: starmap(o, []), lambda o: accumulate([o], o)):\n"
		"    o = C()\n    o.counted = Counted()\n    o.it = make(o)\n"
		"    next(o.it, None)\n    del o\n"
		"gc.collect()\nresult = n",
		"12");
	/* Nothing but iterators in it: only their own clearing can end it. */
	assert_tools(
		"gc.collect()\nc = chain()\nc.__setstate__((c,))\ndel c\nresult = gc.collect()",
		"1");
}

/* As deep as memory allows: an error at the end of the stack, and no recursion when it is freed. */
static void test_depth(void **state)
{
	static const char *const wraps[] = {
		"chain(it)",
		"islice(it, 2)",
		"pairwise(it)",
		"zip_longest(it)",
		"cycle(it)",
		"zip(it)",
		"compress(it, repeat(1))",
		"accumulate(it)",
		"enumerate(it)",
		"takewhile(lambda x: True, it)",
		"filter(None, it)",
		"tee(it)[0]",
	};

	for (size_t i = 0; i < sizeof(wraps) / sizeof(*wraps); i++) {
		char text[512];

		snprintf(
			text, sizeof(text),
			"it = iter([1, 2])\nfor _ in range(150000): it = %s\n"
			"try: next(it)\nexcept (RecursionError, MemoryError, StopIteration): pass\n"
			"del it\nresult = 'ended'",
			wraps[i]);
		assert_tools(text, "'ended'");
	}
}

static void test_subclasses_and_keywords(void **state)
{
	assert_tools("class C(chain):\n    def __init__(self, *a, note=None): self.note = note\n"
		     "c = C('ab', note=1)\nresult = c.note, list(c)",
		     "(1, ['a', 'b'])");
	assert_tools("class R(repeat): pass\nresult = R(1, 2), R.__mro__[1] is repeat",
		     "(R(1, 2), True)");
	assert_tools_raise("class C(chain): pass\nC(note=1)", PyExc_TypeError,
			   "chain() takes no keyword arguments");
	assert_tools_raise("zip_longest(x=1)", PyExc_TypeError,
			   "zip_longest() got an unexpected keyword argument");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count_goes_past_64_bits),
		cmocka_unit_test(test_repeat_counts_down),
		cmocka_unit_test(test_slices_at_the_edges),
		cmocka_unit_test(test_huge_sizes),
		cmocka_unit_test(test_tuples_are_kept_apart),
		cmocka_unit_test(test_states_are_made_to_fit),
		cmocka_unit_test(test_steps_that_come_back),
		cmocka_unit_test(test_states_set_meanwhile),
		cmocka_unit_test(test_branches_share_and_let_go),
		cmocka_unit_test(test_groups_end_with_the_next),
		cmocka_unit_test(test_cycles_are_collected),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_subclasses_and_keywords),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
