"""Two threads that stand deep in calls of every kind: deep.py LEVELS

The main thread recurses by plain calls, through C code (sorted) and through generators in turn; another one ten times as deep
by plain calls alone.
"""
import sys
import threading

import truth
from frames import hold


def plain(levels):
    return down(levels - 1)


def through_sort(levels):
    return sorted([levels - 1], key=down)


def through_generator(levels):
    def numbers(below):
        yield down(below)
    return list(numbers(levels - 1))


def down(levels):
    if levels == 0:
        return hold()
    way = ways[levels % 3]
    return way(levels)


def straight(levels):
    return hold() if levels == 0 else straight(levels - 1)


ways = [plain, through_sort, through_generator]


def main():
    levels = int(sys.argv[1])
    sys.setrecursionlimit(levels * 10 + 1000)
    threading.stack_size(64 << 20)
    threading.Thread(target=straight, args=(levels * 10,), name="straight", daemon=True).start()
    truth.watch()
    down(levels)


main()
