"""Module docstring."""
from __future__ import annotations


def f(a: undefined, b: list[int] = None, *c: "q") -> x.y:
    pass


class C:
    v: nothing.at_all = 1


print(f.__annotations__, C.__annotations__, __doc__)
