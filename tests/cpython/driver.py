"""Runs one test method under the interpreter to be measured: driver.py FOLDER LIB MODULE CLASS METHOD

FOLDER holds MODULE.py, the test file cut down to what the method needs, and folder test/ with the modules of the test
package it needs. LIB is the standard library the rest comes from. Exit code: 0 passed, 1 failed, 3 skipped.
"""
import sys

folder, lib, module_name, class_name, method_name = sys.argv[1:6]
standin = sys.path[0] + "/standin"
sys.path[:] = [standin, folder, lib]
sys.argv[:] = [folder + "/" + module_name + ".py"]

import test

test.__path__.insert(0, folder + "/test")
import unittest


def run():
    module = __import__(module_name)
    cls = module
    for name in class_name.split("."):
        cls = getattr(cls, name)
    case = cls(method_name)
    method = getattr(case, method_name)
    if getattr(cls, "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
        return 3
    expect_failure = getattr(method, "__unittest_expecting_failure__", False)
    getattr(module, "setUpModule", int)()
    cls.setUpClass()
    try:
        case.setUp()
        try:
            result = method()
            if result is not None and hasattr(result, "__await__"):
                raise NotImplementedError("a test that is a coroutine")
        except unittest.SkipTest:
            raise
        except Exception:
            if not expect_failure:
                raise
        finally:
            try:
                case.tearDown()
            finally:
                case.doCleanups()
    finally:
        cls.tearDownClass()
    return 0


try:
    code = run()
except unittest.SkipTest as why:
    code = 3
sys.exit(code)
