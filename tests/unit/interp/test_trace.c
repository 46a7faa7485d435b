/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "vm/trace.h"

#define LOGGER                                            \
	"import sys\nresult = []\n"                       \
	"def log(f, event, arg):\n"                       \
	"    result.append((event, f.f_lineno - base))\n" \
	"    return log\n"                                \
	"def run(func):\n"                                \
	"    global base\n"                               \
	"    base = func.__code__.co_firstlineno\n"       \
	"    sys.settrace(log)\n    try: return func()\n" \
	"    except ValueError: pass\n"                   \
	"    finally: sys.settrace(None)\n"

static void test_lines_of_a_call(void **state)
{
	assert_result(LOGGER "def f():\n    x = 1\n    return x\n"
			     "run(f)\nresult = [r for r in result if r[1] >= 0]",
		      "[('call', 0), ('line', 1), ('line', 2), ('return', 2)]");
	assert_result(LOGGER "def f():\n    raise ValueError\n"
			     "run(f)\nresult = [r for r in result if r[1] >= 0]",
		      "[('call', 0), ('line', 1), ('exception', 1), ('return', 1)]");
}

static void test_frames_choose_their_events(void **state)
{
	assert_result("import sys\nresult = []\n"
		      "def log(f, event, arg):\n"
		      "    f.f_trace_lines, f.f_trace_opcodes = False, True\n"
		      "    result.append(event)\n    return log\n"
		      "def f(): pass\n"
		      "sys.settrace(log)\nf()\nsys.settrace(None)",
		      "['call', 'opcode', 'opcode', 'return']");
}

static void test_profile_sees_c_functions(void **state)
{
	assert_result(
		"import sys\nresult = []\n"
		"def log(f, event, arg): result.append(event)\n"
		"def f():\n    try: len(3)\n    except TypeError: [].append(1)\n"
		"sys.setprofile(log)\nf()\nsys.setprofile(None)",
		"['call', 'c_call', 'c_exception', 'c_call', 'c_return', 'return', 'c_call']");
}

static void test_failing_hook_is_taken_out(void **state)
{
	assert_result("import sys\n"
		      "def bad(f, event, arg): raise KeyError(event)\n"
		      "def f(): pass\n"
		      "sys.settrace(bad)\n"
		      "try: f()\nexcept KeyError as e: result = e.args, sys.gettrace()",
		      "(('call',), None)");
}

static void test_set_and_get(void **state)
{
	PyObject *func = PyDict_New();

	_PyTrace_Set(PY_HOOK_PROFILE, func);
	assert_ptr_equal(_PyTrace_Get(PY_HOOK_PROFILE), func);
	assert_null(_PyTrace_Get(PY_HOOK_TRACE));
	assert_true(_PyTrace_Wanted(PyThreadState_Get()));
	_PyTrace_Set(PY_HOOK_PROFILE, NULL);
	assert_false(_PyTrace_Wanted(PyThreadState_Get()));
	assert_int_equal(Py_REFCNT(func), 1);
	Py_DECREF(func);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_of_a_call),
		cmocka_unit_test(test_frames_choose_their_events),
		cmocka_unit_test(test_profile_sees_c_functions),
		cmocka_unit_test(test_failing_hook_is_taken_out),
		cmocka_unit_test(test_set_and_get),
	};

	return cmocka_run_group_tests(tests, program_setup, NULL);
}
