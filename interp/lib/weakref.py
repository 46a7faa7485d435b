# SPDX-License-Identifier: BSD-2-Clause
"""Weak references, and dicts and sets that do not keep their members alive."""
from _weakref import ReferenceType, getweakrefcount, ref

__all__ = ["ref", "getweakrefcount", "ReferenceType", "WeakMethod", "WeakKeyDictionary", "WeakValueDictionary", "WeakSet"]


class WeakMethod(ref):
    """A weak reference to a bound method, whose object would else die at once."""

    def __new__(cls, method, callback=None):
        self = ref.__new__(cls, method.__self__, callback)
        self._function = method.__func__
        self._type = type(method)
        return self

    def __init__(self, method, callback=None):
        super().__init__(method.__self__, callback)

    def __call__(self):
        obj = super().__call__()
        return None if obj is None else self._type(self._function, obj)


class WeakValueDictionary:
    """A mapping whose entries go with their values."""

    def __init__(self, other=(), /, **kwargs):
        self._data = {}
        self.update(other, **kwargs)

    def update(self, other=(), /, **kwargs):
        items = other.items() if hasattr(other, "items") else other
        for key, value in items:
            self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def __setitem__(self, key, value):
        data = self._data

        def dropped(reference):
            if data.get(key) is reference:
                del data[key]

        data[key] = ref(value, dropped)

    def __getitem__(self, key):
        value = self._data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        del self._data[key]

    def get(self, key, default=None):
        reference = self._data.get(key)
        value = None if reference is None else reference()
        return default if value is None else value

    def __contains__(self, key):
        return self.get(key) is not None

    def items(self):
        for key, reference in list(self._data.items()):
            value = reference()
            if value is not None:
                yield key, value

    def keys(self):
        return (key for key, _ in self.items())

    __iter__ = keys

    def values(self):
        return (value for _, value in self.items())

    def __len__(self):
        return len(self._data)

    def pop(self, key, *default):
        value = self.get(key)
        if value is None:
            if default:
                return default[0]
            raise KeyError(key)
        del self._data[key]
        return value

    def setdefault(self, key, default=None):
        value = self.get(key)
        if value is None:
            self[key] = value = default
        return value

    def clear(self):
        self._data.clear()


class WeakKeyDictionary:
    """A mapping whose entries go with their keys."""

    def __init__(self, other=None):
        self._data = {}
        if other is not None:
            for key, value in other.items():
                self[key] = value

    def __setitem__(self, key, value):
        data = self._data
        data[ref(key, lambda reference: data.pop(reference, None))] = value

    def __getitem__(self, key):
        return self._data[ref(key)]

    def __delitem__(self, key):
        del self._data[ref(key)]

    def get(self, key, default=None):
        return self._data.get(ref(key), default)

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

    def keys(self):
        return (key for key, _ in self.items())

    __iter__ = keys

    def values(self):
        return (value for _, value in self.items())

    def __len__(self):
        return len(self._data)

    def pop(self, key, *default):
        return self._data.pop(ref(key), *default)

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]


class WeakSet:
    """A set whose members go when nobody else holds them."""

    def __init__(self, items=()):
        self._data = set()
        for item in items:
            self.add(item)

    def add(self, item):
        self._data.add(ref(item, self._data.discard))

    def discard(self, item):
        self._data.discard(ref(item))

    def remove(self, item):
        self._data.remove(ref(item))

    def __contains__(self, item):
        try:
            return ref(item) in self._data
        except TypeError:
            return False

    def __iter__(self):
        for reference in list(self._data):
            item = reference()
            if item is not None:
                yield item

    def __len__(self):
        return len(self._data)

    def clear(self):
        self._data.clear()
