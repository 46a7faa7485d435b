# SPDX-License-Identifier: BSD-2-Clause
"""Weak references, and dicts and sets that do not keep their members alive."""
from _weakref import CallableProxyType, ProxyType, ReferenceType, getweakrefcount, getweakrefs, proxy, ref

__all__ = ["ref", "proxy", "getweakrefcount", "getweakrefs", "ReferenceType", "ProxyType", "CallableProxyType",
           "ProxyTypes", "WeakMethod", "WeakKeyDictionary", "WeakValueDictionary", "WeakSet", "finalize"]

ProxyTypes = (ProxyType, CallableProxyType)
_MISSING = object()


class WeakMethod(ref):
    """A weak reference to a bound method, whose object would else die at once."""

    __slots__ = "_function", "_type", "_alive", "__weakref__"

    def __new__(cls, method, callback=None):
        try:
            obj, function = method.__self__, method.__func__
        except AttributeError:
            raise TypeError(f"argument should be a bound method, not {type(method)}") from None
        me = None

        def died(reference):
            self = me()
            if self is not None and self._alive:
                self._alive = False
                if callback is not None:
                    callback(self)

        self = ref.__new__(cls, obj, died)
        self._function, self._type, self._alive = ref(function, died), type(method), True
        me = ref(self)
        return self

    def __init__(self, method, callback=None):
        pass

    def __call__(self):
        obj, function = super().__call__(), self._function()
        return None if obj is None or function is None else self._type(function, obj)

    def __eq__(self, other):
        if not isinstance(other, WeakMethod):
            return NotImplemented
        if not self._alive or not other._alive:
            return self is other
        return ref.__eq__(self, other) and self._function == other._function

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __hash__ = ref.__hash__


class _WeakMapping:
    """What both kinds share; a subclass says what of an entry is weak. Entries whose object is gone are not there."""

    def __init__(self, other=(), /, **kwargs):
        self._data = {}
        if other is not None:
            self.update(other, **kwargs)

    def update(self, other=(), /, **kwargs):
        if hasattr(other, "items"):
            other = other.items()
        elif hasattr(other, "keys"):
            other = [(key, other[key]) for key in other.keys()]
        for key, value in other or ():
            self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def keys(self):
        for key, _ in self.items():
            yield key

    def values(self):
        for _, value in self.items():
            yield value

    __iter__ = keys

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def pop(self, key, *default):
        try:
            value = self[key]
        except KeyError:
            if default:
                return default[0]
            raise
        del self[key]
        return value

    def popitem(self):
        for key, value in reversed(list(self.items())):
            del self[key]
            return key, value
        raise KeyError("popitem(): dictionary is empty")

    def setdefault(self, key, default=None):
        value = self.get(key, _MISSING)
        if value is _MISSING:
            self[key] = value = default
        return value

    def clear(self):
        self._data.clear()

    def __len__(self):
        return sum(1 for _ in self.items())

    def copy(self):
        return type(self)(self)

    __copy__ = copy

    def __eq__(self, other):
        if not hasattr(other, "items") or not isinstance(other, (dict, _WeakMapping)):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    __hash__ = None

    def __or__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        joined = self.copy()
        joined.update(other)
        return joined

    def __ror__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        joined = type(self)(other)
        joined.update(self)
        return joined

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x}>"


class KeyedRef(ref):
    """A weak reference that knows its key in a WeakValueDictionary."""

    __slots__ = "key",

    def __new__(cls, obj, callback, key):
        self = ref.__new__(cls, obj, callback)
        self.key = key
        return self

    def __init__(self, obj, callback, key):
        super().__init__(obj, callback)


def _dropper(mapping):
    """Called with a reference that died: its entry goes, unless another one took its place."""
    me = ref(mapping)

    def dropped(reference):
        mapping = me()
        if mapping is not None and mapping._data.get(reference.key) is reference:
            del mapping._data[reference.key]

    return dropped


class WeakValueDictionary(_WeakMapping):
    """A mapping whose entries go with their values."""

    def __init__(self, other=(), /, **kwargs):
        self._dropped = _dropper(self)
        super().__init__(other, **kwargs)

    def __setitem__(self, key, value):
        self._data[key] = KeyedRef(value, self._dropped, key)

    def __getitem__(self, key):
        value = self._data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        del self._data[key]

    def __contains__(self, key):
        reference = self._data.get(key)
        return reference is not None and reference() is not None

    def items(self):
        for key, reference in list(self._data.items()):
            value = reference()
            if value is not None:
                yield key, value

    def itervaluerefs(self):
        yield from list(self._data.values())

    def valuerefs(self):
        return list(self._data.values())

    def __deepcopy__(self, memo):
        from copy import deepcopy
        new = type(self)()
        for key, value in self.items():
            new[deepcopy(key, memo)] = value
        return new


class WeakKeyDictionary(_WeakMapping):
    """A mapping whose entries go with their keys."""

    def __init__(self, dict=None):
        me = ref(self)

        def dropped(reference):
            mapping = me()
            if mapping is not None:
                mapping._data.pop(reference, None)

        self._dropped = dropped
        super().__init__(dict)

    def __setitem__(self, key, value):
        self._data[ref(key, self._dropped)] = value

    def __getitem__(self, key):
        return self._data[ref(key)]

    def __delitem__(self, key):
        del self._data[ref(key)]

    def __contains__(self, key):
        try:
            return ref(key) in self._data
        except TypeError:
            return False

    def items(self):
        for reference, value in list(self._data.items()):
            key = reference()
            if key is not None:
                yield key, value

    def keyrefs(self):
        return list(self._data)

    def __deepcopy__(self, memo):
        from copy import deepcopy
        new = type(self)()
        for key, value in self.items():
            new[key] = deepcopy(value, memo)
        return new


class WeakSet:
    """A set whose members go when nobody else holds them."""

    def __init__(self, data=None):
        self.data = set()
        self._discard = self.data.discard
        if data is not None:
            self.update(data)

    def add(self, item):
        self.data.add(ref(item, self._discard))

    def discard(self, item):
        self.data.discard(ref(item))

    def remove(self, item):
        self.data.remove(ref(item))

    def pop(self):
        while True:
            try:
                item = self.data.pop()()
            except KeyError:
                raise KeyError("pop from empty WeakSet") from None
            if item is not None:
                return item

    def update(self, other):
        for item in other:
            self.add(item)

    def clear(self):
        self.data.clear()

    def copy(self):
        return type(self)(self)

    def __contains__(self, item):
        try:
            return ref(item) in self.data
        except TypeError:
            return False

    def __iter__(self):
        for reference in list(self.data):
            item = reference()
            if item is not None:
                yield item

    def __len__(self):
        return sum(1 for _ in self)

    def union(self, other):
        joined = self.copy()
        joined.update(other)
        return joined

    def intersection(self, other):
        return type(self)(item for item in other if item in self)

    def difference(self, other):
        rest = self.copy()
        rest.difference_update(other)
        return rest

    def symmetric_difference(self, other):
        return self.difference(other).union(item for item in other if item not in self)

    def difference_update(self, other):
        for item in list(other):
            self.discard(item)

    def intersection_update(self, other):
        kept = list(self.intersection(other))
        self.clear()
        self.update(kept)

    def symmetric_difference_update(self, other):
        kept = list(self.symmetric_difference(other))
        self.clear()
        self.update(kept)

    def __ior__(self, other):
        self.update(other)
        return self

    def __isub__(self, other):
        self.difference_update(other)
        return self

    def __iand__(self, other):
        self.intersection_update(other)
        return self

    def __ixor__(self, other):
        self.symmetric_difference_update(other)
        return self

    __or__, __and__, __sub__, __xor__ = union, intersection, difference, symmetric_difference

    def issubset(self, other):
        return self.data.issubset(ref(item) for item in other)

    def issuperset(self, other):
        return self.data.issuperset(ref(item) for item in other)

    def isdisjoint(self, other):
        return not self.intersection(other)

    def __le__(self, other):
        return self.issubset(other)

    def __ge__(self, other):
        return self.issuperset(other)

    def __lt__(self, other):
        return self.data < {ref(item) for item in other}

    def __gt__(self, other):
        return self.data > {ref(item) for item in other}

    def __eq__(self, other):
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.data == {ref(item) for item in other}

    __hash__ = None

    def __repr__(self):
        return repr({ref(item) for item in self})


class finalize:
    """Calls a function once: when the object goes, when it is called, or at exit while atexit is true."""

    __slots__ = ()
    _registry = {}
    _count = 0

    class _Info:
        __slots__ = "weakref", "func", "args", "kwargs", "atexit", "index"

    def __init__(self, obj, func, /, *args, **kwargs):
        info = self._Info()
        info.weakref = ref(obj, self)
        info.func, info.args, info.kwargs, info.atexit = func, args, kwargs or None, True
        finalize._count += 1
        info.index = finalize._count
        self._registry[self] = info

    def __call__(self, _=None):
        info = self._registry.pop(self, None)
        if info:
            return info.func(*info.args, **(info.kwargs or {}))

    def detach(self):
        info = self._registry.get(self)
        obj = info and info.weakref()
        if obj is not None and self._registry.pop(self, None):
            return obj, info.func, info.args, info.kwargs or {}

    def peek(self):
        info = self._registry.get(self)
        obj = info and info.weakref()
        if obj is not None:
            return obj, info.func, info.args, info.kwargs or {}

    @property
    def alive(self):
        return self in self._registry

    @property
    def atexit(self):
        info = self._registry.get(self)
        return bool(info) and info.atexit

    @atexit.setter
    def atexit(self, value):
        info = self._registry.get(self)
        if info:
            info.atexit = bool(value)

    def __repr__(self):
        info = self._registry.get(self)
        obj = info and info.weakref()
        if obj is None:
            return f"<{type(self).__name__} object at {id(self):#x}; dead>"
        return f"<{type(self).__name__} object at {id(self):#x}; for {type(obj).__name__!r} at {id(obj):#x}>"
