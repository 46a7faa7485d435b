# SPDX-License-Identifier: BSD-2-Clause
"""Operators as functions."""
from builtins import abs


def _binary(name, symbol, inplace=True):
    scope = {}
    exec(f"def {name}(a, b, /):\n    return a {symbol} b\n", scope)
    globals()[name.rstrip("_")] = globals()[name] = scope[name]
    if inplace:
        exec(f"def i{name.rstrip('_')}(a, b, /):\n    a {symbol}= b\n    return a\n", scope)
        globals()["i" + name.rstrip("_")] = scope["i" + name.rstrip("_")]


for _name, _symbol in (("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"), ("floordiv", "//"), ("mod", "%"), ("pow", "**"),
                       ("matmul", "@"), ("lshift", "<<"), ("rshift", ">>"), ("and_", "&"), ("or_", "|"), ("xor", "^")):
    _binary(_name, _symbol)
for _name, _symbol in (("lt", "<"), ("le", "<="), ("eq", "=="), ("ne", "!="), ("gt", ">"), ("ge", ">="), ("is_", "is"), ("is_not", "is not")):
    _binary(_name, _symbol, False)
del _name, _symbol


def neg(a, /):
    return -a


def pos(a, /):
    return +a


def invert(a, /):
    return ~a


inv = invert


def not_(a, /):
    return not a


def truth(a, /):
    return True if a else False


def index(a, /):
    return range(a).stop


def contains(a, b, /):
    return b in a


def getitem(a, b, /):
    return a[b]


def setitem(a, b, c, /):
    a[b] = c


def delitem(a, b, /):
    del a[b]


def concat(a, b, /):
    if not hasattr(a, "__getitem__"):
        raise TypeError(f"'{type(a).__name__}' object can't be concatenated")
    return a + b


def countOf(a, b, /):
    return sum(1 for item in a if item is b or item == b)


def indexOf(a, b, /):
    for i, item in enumerate(a):
        if item is b or item == b:
            return i
    raise ValueError("sequence.index(x): x not in sequence")


def call(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)


class itemgetter:
    """f = itemgetter(1, 2): f(x) is (x[1], x[2]); with one item just that."""

    __slots__ = ("_items",)

    def __init__(self, item, /, *items):
        self._items = (item, *items)

    def __call__(self, obj, /):
        items = self._items
        return obj[items[0]] if len(items) == 1 else tuple(obj[item] for item in items)

    def __repr__(self):
        return f"operator.itemgetter({', '.join(map(repr, self._items))})"


class attrgetter:
    """f = attrgetter("a.b", "c"): f(x) is (x.a.b, x.c)."""

    __slots__ = ("_attrs",)

    def __init__(self, attr, /, *attrs):
        self._attrs = (attr, *attrs)
        for name in self._attrs:
            if not isinstance(name, str):
                raise TypeError("attribute name must be a string")

    @staticmethod
    def _get(obj, path):
        for name in path.split("."):
            obj = getattr(obj, name)
        return obj

    def __call__(self, obj, /):
        values = tuple(self._get(obj, path) for path in self._attrs)
        return values[0] if len(values) == 1 else values

    def __repr__(self):
        return f"operator.attrgetter({', '.join(map(repr, self._attrs))})"


class methodcaller:
    """f = methodcaller("name", 1, k=2): f(x) is x.name(1, k=2)."""

    __slots__ = ("_name", "_args", "_kwargs")

    def __init__(self, name, /, *args, **kwargs):
        if not isinstance(name, str):
            raise TypeError("method name must be a string")
        self._name, self._args, self._kwargs = name, args, kwargs

    def __call__(self, obj, /):
        return getattr(obj, self._name)(*self._args, **self._kwargs)
