# -*- coding: utf-8 -*-
"""What frames.py and threads.py do, for Python 2.7: each scene in a thread that waits for ever.

Each scene's innermost frames are hold() and callback(); between callback() and the scene lies the C code that
is named in @scene. Only what both 2.7 and 3 understand.
"""
import ctypes
import itertools
import json
import re
import sys
import threading

import truth

NEVER = threading.Lock()
NEVER.acquire()
SCENES = {}


def scene(*between):
    def enter(function):
        SCENES[function.__name__] = function
        return function
    return enter


def hold(*_):
    NEVER.acquire()


def callback(*_):
    hold()


@scene("listsort", "builtin_sorted", "list_sort", "list_sort_impl")
def sorted_key():
    sorted([3, 1, 2], key=callback)


@scene("listsort", "cmp_function", "sortwrapper_richcompare")
def sorted_lambda():
    class Number(object):
        __lt__ = callback
    sorted([Number(), Number()])


@scene("builtin_map", "map_next", "list_extend")
def map_items():
    list(map(callback, [1, 2]))


@scene("builtin_filter", "filterstring", "filter_next")
def filter_items():
    list(filter(callback, (1, 2)))


@scene("builtin_max", "min_max")
def max_key():
    max([1, 2, 3], key=callback)


@scene("qsort", "qsort_r", "__qsort_r", "msort_with_tmp", "msort_with_tmp.part.0", "ffi_call", "closure_fcn")
def ctypes_qsort():
    libc = ctypes.CDLL(None)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    libc.qsort((ctypes.c_int * 2)(2, 1), 2, 4, compare(callback))


@scene("pattern_subx", "pattern_sub")
def re_sub():
    re.compile("b+").sub(callback, "abbbc")


@scene()
def json_default():
    json.dumps([object()], default=callback)


@scene("groupby_next")
def group_by():
    for key, group in itertools.groupby([1, 1, 2], callback):
        pass


@scene()
def nested_generators():
    def inner(limit):
        for number in range(limit):
            yield callback(number)

    def outer():
        for item in inner(3):
            yield item

    for item in outer():
        pass


@scene()
def class_body():
    class Outer:
        first = 1

        class Inner(object):
            second = callback()


@scene()
def handlers():
    try:
        raise ValueError("first")
    except ValueError as error:
        try:
            {}["missing"]
        except KeyError:
            callback(error)
        finally:
            pass


@scene()
def method_of_an_old_class():
    class Old:
        def method(self, first, second=2, *rest, **named):
            text, number = "text", 12345678901234567890
            callback()

    Old().method(1, 2, 3, 4, name="value")


@scene()
def closure():
    captured = [1, 2.5, None, "a\xe9"]

    def inner():
        later = captured
        callback()
    inner()


@scene()
def made_up_file():
    source = ("\n" * 300 + "def made(x):\n    y = x\n    return callback(\n        y,\n    )\n" + "\n" * 200
              + "class Made:\n    made(\n        x=1)\n")
    exec(compile(source, "<made up>", "exec"), {"callback": callback})


@scene()
def long_function():
    lines = ["def long():", "    x = 0"] + ["    x += %d" % i for i in range(2000)] + ["    callback()", "long()"]
    exec("\n".join(lines), {"callback": callback})


@scene()
def deep():
    def down(n):
        return down(n - 1) if n else callback()
    down(90)


def main():
    for name in sorted(SCENES):
        thread = threading.Thread(target=SCENES[name], name=name)
        thread.daemon = True
        thread.start()
    truth.watch()
    NEVER.acquire()


if __name__ == "__main__":
    main()
