"""Many threads, most of them held in a Python function that C code called.

Each scene's innermost frames are hold() and callback(); between callback() and the scene lies the C code that
is named in BETWEEN. Needs CPython's C modules.
"""
import _thread
import asyncio
import bisect
import collections
import ctypes
import functools
import heapq
import itertools
import json
import re
import sqlite3
import sys
import threading
import time

import truth
from frames import NEVER, hold

SCENES = {}
# Native functions, some of which must show between callback() and its scene where the symbols are there.
BETWEEN = {}


def scene(*between):
    def enter(function):
        SCENES[function.__name__] = function
        BETWEEN[function.__name__] = between
        return function
    return enter


def callback(*_):
    hold()


@scene("list_sort_impl", "list_sort", "listsort", "builtin_sorted", "PyList_Sort")
def sorted_key():
    sorted([3, 1, 2], key=callback)


@scene("list_sort_impl", "list_sort", "listsort")
def list_sort_key():
    numbers = [3, 1, 2]
    numbers.sort(
        key=callback,
        reverse=True,
    )


@scene("qsort", "qsort_r", "__qsort_r", "msort_with_tmp", "msort_with_tmp.part.0", "ffi_call", "closure_fcn")
def ctypes_qsort():
    libc = ctypes.CDLL(None)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    libc.qsort((ctypes.c_int * 2)(2, 1), 2, 4, compare(callback))


@scene("sqlite3_step", "sqlite3VdbeExec", "func_callback", "_pysqlite_func_callback")
def sqlite_function():
    connection = sqlite3.connect(":memory:")
    connection.create_function("hold", 1, callback)
    connection.execute("select hold(?)", (1,)).fetchall()


@scene("functools_reduce")
def reduce_pairs():
    functools.reduce(callback, [1, 2, 3])


@scene("map_next", "list_extend", "list___init___impl")
def map_items():
    list(map(callback, [1, 2]))


@scene("filter_next")
def filter_items():
    for item in filter(callback, [1, 2]):
        pass


@scene("pattern_subx", "_sre_SRE_Pattern_sub", "pattern_subx.constprop.0")
def re_sub():
    re.compile("b+").sub(callback, "abbbc")


@scene("min_max", "builtin_max")
def max_key():
    max([1, 2, 3], key=callback)


@scene("partial_vectorcall", "partial_call")
def partial_function():
    list(itertools.starmap(functools.partial(callback, 1), [(2,), (3,)]))


@scene("encoder_listencode_obj", "encoder_call", "encoder_listencode_obj.lto_priv.0")
def json_default():
    json.dumps([object()], default=callback)


@scene("defdict_missing")
def default_dict():
    table = collections.defaultdict(callback)
    table["missing"]


@scene("slot_sq_contains", "slot_nb_add", "slot_tp_richcompare", "vectorcall_method", "vectorcall_maybe",
       "PyNumber_Add", "binary_op1")
def operator_slot():
    Number() + 1


@scene("groupby_next", "groupby_step")
def group_by():
    for key, group in itertools.groupby([1, 1, 2], callback):
        pass


@scene("internal_bisect_right", "_bisect_bisect_right", "_bisect_bisect")
def bisect_key():
    if sys.version_info < (3, 10):
        return callback()
    bisect.bisect([1, 2, 3], 2, key=callback)


@scene("slot_tp_richcompare", "siftup", "heappop_internal", "_heapq_heapify", "heapify_internal",
       "PyObject_RichCompare")
def heap_compare():
    heap = [Number(), Number(), Number()]
    heapq.heapify(heap)


@scene("subtype_dealloc", "slot_tp_finalize", "PyObject_CallFinalizerFromDealloc")
def finalizer():
    number = Dying()
    del number


class Number:
    __add__ = callback
    __lt__ = callback


class Dying:
    __del__ = callback


@scene()
def coroutines():
    async def inner():
        callback()

    async def outer():
        async with Context():
            await inner()

    try:
        outer().send(None)
    except StopIteration:
        pass


@scene()
def async_generator():
    async def numbers():
        yield callback()

    async def consume():
        async for number in numbers():
            pass

    consume().send(None)


@scene()
def event_loop():
    async def main():
        await asyncio.gather(asyncio.sleep(0), step())

    async def step():
        callback()

    asyncio.new_event_loop().run_until_complete(main())


class Context:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        return None


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
def sleeping():
    time.sleep(1e6)


@scene()
def reading():
    import os
    os.read(os.pipe()[0], 1)


@scene()
def waiting_for_event():
    threading.Event().wait()


@scene()
def waiting_with_timeout():
    condition = threading.Condition()
    with condition:
        condition.wait(1e6)


@scene()
def low_level_lock():
    lock = _thread.allocate_lock()
    with lock:
        lock.acquire()


def main():
    for name in SCENES:
        threading.Thread(target=SCENES[name], name=name, daemon=True).start()
    truth.watch()
    NEVER.acquire()


if __name__ == "__main__":
    main()
