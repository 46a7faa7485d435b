/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "core/gc.h"
#include "objects/weakref.h"

/* One object of each kind that the collector knows, all in cycles where that can be. */
static const char every_kind[] =
	"import sys, threading, gc, weakref\n"
	"class Meta(type): pass\n"
	"class Base(metaclass=Meta):\n"
	"    shared = []\n"
	"    @property\n"
	"    def prop(self): return self\n"
	"    @staticmethod\n"
	"    def static(): pass\n"
	"    @classmethod\n"
	"    def cls(cls): return cls\n"
	"    def method(self, a=1, *, b=2) -> int: return super().__repr__\n"
	"class Slots(Base):\n"
	"    __slots__ = ('a', 'b')\n"
	"class D(dict): pass\n"
	"class L(list): pass\n"
	"class T(tuple): pass\n"
	"class S(set): pass\n"
	"class I(int): pass\n"
	"class U(str): pass\n"
	"class E(Exception): pass\n"
	"o = Base()\n"
	"s = Slots(); s.a = s\n"
	"def gen():\n"
	"    held = o\n"
	"    try: yield held\n"
	"    finally: pass\n"
	"def outer():\n"
	"    cell = o\n"
	"    def inner(): return cell, inner\n"
	"    return inner\n"
	"async def co():\n"
	"    class W:\n"
	"        def __await__(self): yield self\n"
	"    await W()\n"
	"def frame(): return sys._getframe()\n"
	"def failing(): raise E(o)\n"
	"try: failing()\n"
	"except E as e: err = e\n"
	"try: raise ExceptionGroup('g', [err])\n"
	"except ExceptionGroup as e: group = e\n"
	"g = gen(); next(g)\n"
	"unstarted = gen()\n"
	"c = co(); c.send(None)\n"
	"o.all = all = [o, s, D(a=o), L([o]), T((o,)), S([o]), I(5), U('x'), E(o), err, group, g, "
	"unstarted, c, co().__await__(),\n"
	"  outer(), frame(), frame, o.method, o.method(), Base.cls, Base.static, Base.__dict__, "
	"super(Base, o),\n"
	"  {o: o}, {'k': o}, {1: o}, [o], (o,), {o}, frozenset([o]), slice(o), range(3), b'x', "
	"bytearray(b'x'),\n"
	"  iter([o]), iter((o,)), iter({o: 1}), iter({'a': o}.items()), iter({o}), iter('ab'), "
	"iter(b'ab'), iter(range(3)),\n"
	"  iter(lambda: o, 1), reversed([o]), reversed({'a': o}), enumerate([o]), zip([o], [o]), "
	"map(id, [o]),\n"
	"  filter(None, [o]), {'a': o}.keys(), {'a': o}.items(), {'a': o}.values(), [].append, "
	"len, list.append,\n"
	"  dict.fromkeys, int.__add__, (5).__add__, type.__dict__['__mro__'], Slots.a, "
	"weakref.ref(o),\n"
	"  weakref.ref(s, print), sys, threading, err.__traceback__, gen.__code__, Meta, Base, "
	"property(len),\n"
	"  (x for x in [o]), [y for y in [o]], threading.Thread(target=len), sys.stdout, "
	"NotImplemented, ...]\n"
	"for it in all:\n"
	"    if hasattr(it, '__dict__') and isinstance(it, (Base, D, L, T, S, I, U, E)): it.all = "
	"all\n"
	"threads = [threading.Thread(target=gen) for _ in range(3)]\n"
	"for t in threads: t.start()\n"
	"for t in threads: t.join()\n"
	"del it, t\n";

static void test_every_kind_tells_its_references(void **state)
{
	PyObject *globals = program_run(every_kind);

	assert_null(_PyGC_FindInconsistent());
	PyDict_Clear(globals);
	assert_null(_PyGC_FindInconsistent());
	assert_true(_PyGC_Collect(2) > 50);
	assert_null(_PyGC_FindInconsistent());
	Py_DECREF(globals);
	_PyGC_Collect(2);
	assert_int_equal(_PyGC_Collect(2), 0);
	assert_null(_PyGC_FindInconsistent());
}

static void test_a_missing_reference_is_found(void **state)
{
	PyObject *list = PyList_New(2), *item = PyList_New(0);

	PyList_SET_ITEM(list, 0, item);
	PyList_SET_ITEM(list, 1, item);
	assert_ptr_equal(_PyGC_FindInconsistent(), item);
	Py_INCREF(item);
	assert_null(_PyGC_FindInconsistent());
	Py_DECREF(list);
}

static PyObject *self_list(void)
{
	PyObject *list = PyList_New(0);

	assert_int_equal(PyList_Append(list, list), 0);
	return list;
}

static Py_ssize_t size_of(int generation)
{
	PyGC_Head *list = &_PyGC.generations[generation].head;
	Py_ssize_t n = 0;

	for (PyGC_Head *g = list->next; g != list; g = g->next) {
		assert_ptr_equal(_PyGC_Prev(g->next), g);
		assert_false(_PyGC_HasFlag(g, PY_GC_COLLECTING));
		n++;
	}
	return n;
}

static void test_survivors_grow_old(void **state)
{
	PyObject *list;

	_PyGC_Collect(2);
	list = self_list();
	assert_int_equal(size_of(0), 1);
	assert_int_equal(_PyGC_Collect(0), 0);
	assert_int_equal(size_of(0), 0);
	assert_int_equal(size_of(1), 1);
	Py_DECREF(list);
	assert_int_equal(_PyGC_Collect(0), 0);
	assert_int_equal(_PyGC_Collect(1), 1);
	assert_int_equal(size_of(1), 0);
}

/* Chains of garbage behind garbage, and the reachable behind what seemed to be garbage. */
static void test_what_is_reachable_late_stays(void **state)
{
	PyObject *first = PyList_New(0), *last = first, *next;
	Py_ssize_t before;

	_PyGC_Collect(2);
	before = _PyGC_tracked;
	/* The owner is the youngest: all before it are moved away first and come back. */
	for (int i = 0; i < 1000; i++) {
		next = PyList_New(0);
		assert_int_equal(_PyList_AppendSteal(next, last), 0);
		last = next;
	}
	assert_int_equal(PyList_Append(first, last), 0);
	assert_int_equal(_PyGC_Collect(2), 0);
	assert_int_equal(_PyGC_tracked, before + 1000);
	assert_true(size_of(2) >= before);
	Py_DECREF(last);
	assert_int_equal(_PyGC_Collect(2), 1001);
	assert_int_equal(_PyGC_tracked, before - 1);
}

static void test_allocations_make_a_collection_due(void **state)
{
	Py_ssize_t collected = _PyGC.generations[0].collected;

	_PyGC_Collect(2);
	for (int i = 0; i <= _PyGC.generations[0].threshold; i++)
		Py_DECREF(self_list());
	assert_true(_Py_eval_breaker & PY_BREAK_GC);
	assert_int_equal(_Py_HandlePending(), 0);
	assert_false(_Py_eval_breaker & PY_BREAK_GC);
	assert_true(_PyGC.generations[0].collected >= collected + 700);
	_PyGC.enabled = false;
	for (int i = 0; i <= _PyGC.generations[0].threshold; i++)
		Py_DECREF(self_list());
	assert_false(_Py_eval_breaker & PY_BREAK_GC);
	_PyGC.enabled = true;
	assert_int_equal(_PyGC_Collect(2), 701);
}

static void test_a_pending_exception_stays(void **state)
{
	Py_DECREF(self_list());
	PyErr_SetString(PyExc_ValueError, "kept");
	assert_int_equal(_PyGC_Collect(2), 1);
	assert_raised(PyExc_ValueError, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_tells_its_references),
		cmocka_unit_test(test_a_missing_reference_is_found),
		cmocka_unit_test(test_survivors_grow_old),
		cmocka_unit_test(test_what_is_reachable_late_stays),
		cmocka_unit_test(test_allocations_make_a_collection_due),
		cmocka_unit_test(test_a_pending_exception_stays),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
