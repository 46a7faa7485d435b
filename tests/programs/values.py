"""Locals of every built-in type; their own repr() is what an inspector must show."""
import sys

import truth
from frames import hold


def integers():
    zero, one, minus, byte = 0, 1, -1, 256
    digit, digits, minus_digits = 2 ** 30 - 1, 2 ** 30, -(2 ** 60)
    word, minus_word, wide = 2 ** 63, -(2 ** 63) - 1, 2 ** 64
    ten40, minus_ten40, huge = 10 ** 40, -(10 ** 40), 7 ** 1000
    yes, no, nothing = True, False, None
    hold()


def floats():
    zero, minus_zero, one, tenth, third = 0.0, -0.0, 1.0, 0.1, 1 / 3
    nan, inf, minus_inf = float("nan"), float("inf"), -float("inf")
    tiny, smallest, largest = 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308
    e15, e16, e17, e22, e23, small = 1e15, 1e16, 1e17, 1e22, 1e23, 1e-5
    long, ten_thousandth, pi = 123456789012345680.0, 0.0001, 3.141592653589793
    hold()


def strings():
    empty, letter, word = "", "a", "plain ascii"
    single, double, both = "it's", 'say "it"', "it's \"both\""
    escapes, control, high = "tab\tline\nreturn\rback\\slash", "\x00\x01\x1b[31m\x7f", "\x80\x85\x9f\xa0\xad"
    latin, ucs2, ucs4 = "na\xefve \xff", "\u20ac \u4e2d\u6587", "\U0001f40d \U00010400"
    separators, private, unassigned = "\u2028\u2029\u3000", "\ue000\ufffe", "\U000e0001\U0010ffff"
    lone, combining, zero_width = "\ud800 \udfff", "e\u0301", "\u200b\u200e\ufeff"
    mixed = "".join(["\x00", "'", "\xe9", "\u0416", "\U0001f600"])
    long = "abc'\u00e9" * 300
    hold()


def byte_strings():
    empty, plain, quotes, both = b"", b"bytes", b"it's", b"it's \"both\""
    escapes, binary = b"\t\n\r\\\x00\x7f\x80\xff", bytes(range(256))
    hold()


def containers():
    empty_list, empty_tuple, empty_dict = [], (), {}
    one_list, one_tuple, one_dict = [1], (1,), {"k": 1}
    pair, nested = (1, "two"), [[1, [2, [3, (4, {"five": [6.0, b"7"]})]]], ()]
    string_keys = {"a": 1, "b": [2], "c": {"d": None}}
    mixed_keys = {1: "one", (2, 3): "pair", None: True, 1.5: b"x", "s": {}}
    deleted = {"a": 1, "b": 2, "c": 3}
    del deleted["b"]
    grown = {number: str(number) for number in range(100)}
    shrunk = list(range(50))
    del shrunk[5:45]
    hold()


def cycles():
    a_list = [1]
    a_list.append(a_list)
    a_dict = {"self": None}
    a_dict["self"] = a_dict
    a_tuple = ([],)
    a_tuple[0].append(a_tuple)
    shared = [a_list, a_list]
    hold()


def kinds(argument, other=2, *rest, keyword=3, **named):
    local = argument
    cell = [argument]
    unbound = 1
    del unbound

    def inner(number):
        free = cell, other
        hold(free)
    inner(local)


GROUPS = {"integers": integers, "floats": floats, "strings": strings, "byte_strings": byte_strings,
          "containers": containers, "cycles": cycles, "kinds": lambda: kinds(1, 4, 5, 6, keyword=7, extra=8)}


def main():
    truth.watch()
    GROUPS[sys.argv[1]]()


if __name__ == "__main__":
    main()
