# SPDX-License-Identifier: BSD-2-Clause
"""Copies of objects: of the object alone, or of all that it refers to."""
import weakref
from copyreg import dispatch_table

__all__ = ["Error", "copy", "deepcopy"]


class Error(Exception):
    pass


error = Error
_ATOMS = {type(None), int, float, bool, complex, str, bytes, range, type, type(Ellipsis), type(NotImplemented),
          property, type(len), type(lambda: 0), weakref.ref, type((lambda: 0).__code__)}


def _reduced(x, cls):
    reductor = dispatch_table.get(cls)
    if reductor is not None:
        return reductor(x)
    reductor = getattr(x, "__reduce_ex__", None)
    if reductor is not None:
        return reductor(4)
    reductor = getattr(x, "__reduce__", None)
    if reductor is None:
        raise Error(f"un(deep)copyable object of type {cls}")
    return reductor()


def copy(x):
    """A new object of the same parts."""
    cls = type(x)
    if cls in _ATOMS or cls in (tuple, frozenset, slice) or issubclass(cls, type):
        return x
    if cls in (list, dict, set, bytearray):
        return x.copy()
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    rv = _reduced(x, cls)
    return x if isinstance(rv, str) else _rebuilt(x, None, *rv)


def deepcopy(x, memo=None, _nil=[]):
    """A new object of copied parts; what is met twice is copied once."""
    if memo is None:
        memo = {}
    key = id(x)
    y = memo.get(key, _nil)
    if y is not _nil:
        return y
    cls = type(x)
    if cls in _ATOMS or issubclass(cls, type):
        return x
    if cls is list:
        y = memo[key] = []
        for item in x:
            y.append(deepcopy(item, memo))
    elif cls is dict:
        y = memo[key] = {}
        for name, value in x.items():
            y[deepcopy(name, memo)] = deepcopy(value, memo)
    elif cls is tuple:
        y = _tuple(x, memo)
    elif cls is type(deepcopy.__get__(x)):
        y = cls(x.__func__, deepcopy(x.__self__, memo))
    elif getattr(x, "__deepcopy__", None) is not None:
        y = x.__deepcopy__(memo)
    else:
        rv = _reduced(x, cls)
        y = x if isinstance(rv, str) else _rebuilt(x, memo, *rv)
    if y is not x:
        memo[key] = y
        memo.setdefault(id(memo), []).append(x)  # an id stays good only while its object lives
    return y


def _tuple(x, memo):
    items = [deepcopy(item, memo) for item in x]
    if id(x) in memo:  # it holds itself
        return memo[id(x)]
    return x if all(a is b for a, b in zip(x, items)) else tuple(items)


def _rebuilt(x, memo, func, args, state=None, items=None, pairs=None):
    """What __reduce__ says, done; memo is None for a shallow copy."""
    deep = memo is not None
    if deep and args:
        args = [deepcopy(arg, memo) for arg in args]
    y = func(*args)
    if deep:
        memo[id(x)] = y
    if state is not None:
        if deep:
            state = deepcopy(state, memo)
        if hasattr(y, "__setstate__"):
            y.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            if state is not None:
                y.__dict__.update(state)
            for name, value in (slots or {}).items():
                setattr(y, name, value)
    for item in () if items is None else items:
        y.append(deepcopy(item, memo) if deep else item)
    for name, value in () if pairs is None else pairs:
        y[deepcopy(name, memo) if deep else name] = deepcopy(value, memo) if deep else value
    return y
