# SPDX-License-Identifier: BSD-2-Clause
"""The types under collections that are not made of others: defaultdict, deque."""

__all__ = ["defaultdict", "deque"]


class defaultdict(dict):
    """defaultdict(default_factory=None, /, [...]) --> dict with default factory"""

    __slots__ = "default_factory",

    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        self.default_factory = default_factory
        super().__init__(*args, **kwargs)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        self[key] = value = self.default_factory()
        return value

    def copy(self):
        return type(self)(self.default_factory, self)

    __copy__ = copy

    def __reduce__(self):
        args = () if self.default_factory is None else (self.default_factory,)
        return type(self), args, None, None, iter(self.items())

    def __repr__(self):
        return f"{type(self).__name__}({self.default_factory!r}, {dict.__repr__(self)})"

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        new = self.copy()
        new.update(other)
        return new

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        new = type(self)(self.default_factory, other)
        new.update(self)
        return new


class deque:
    """A list with two cheap ends: items[first:] in one list, of which the front is given back now and then."""

    __slots__ = "_items", "_first", "_maxlen", "_state", "__weakref__"
    __hash__ = None

    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls)
        self._items, self._first, self._maxlen, self._state = [], 0, None, 0
        return self

    def __init__(self, iterable=(), maxlen=None):
        if maxlen is not None:
            if not isinstance(maxlen, int):
                raise TypeError("an integer is required")
            if maxlen < 0:
                raise ValueError("maxlen must be non-negative")
        self._maxlen = maxlen
        self.clear()
        self.extend(iterable)

    @property
    def maxlen(self):
        """maximum size of a deque or None if unbounded"""
        return self._maxlen

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)

    def __len__(self):
        return len(self._items) - self._first

    def append(self, item):
        self._items.append(item)
        self._state += 1
        if self._maxlen is not None and len(self) > self._maxlen:
            self.popleft()

    def appendleft(self, item):
        if not self._first:  # as much room in front as there is behind
            room = len(self._items) + 8
            self._items[:0] = [None] * room
            self._first = room
        self._first -= 1
        self._items[self._first] = item
        self._state += 1
        if self._maxlen is not None and len(self) > self._maxlen:
            self.pop()

    def pop(self):
        if not len(self):
            raise IndexError("pop from an empty deque")
        self._state += 1
        return self._items.pop()

    def popleft(self):
        if not len(self):
            raise IndexError("pop from an empty deque")
        items, first = self._items, self._first
        item, items[first] = items[first], None
        self._first = first + 1
        self._state += 1
        if first > 32 and 2 * first > len(items):
            del items[:first + 1]
            self._first = 0
        return item

    def clear(self):
        self._items, self._first = [], 0
        self._state += 1

    def extend(self, iterable):
        for item in list(iterable) if iterable is self else iterable:
            self.append(item)

    def extendleft(self, iterable):
        for item in list(iterable) if iterable is self else iterable:
            self.appendleft(item)

    def _list(self):
        return self._items[self._first:]

    def _replace(self, items):
        self.clear()
        self.extend(items)

    def rotate(self, n=1):
        size = len(self)
        if size > 1:
            n = -n % size
            items = self._list()
            self._items, self._first = items[n:] + items[:n], 0
            self._state += 1

    def reverse(self):
        self._items, self._first = self._list()[::-1], 0
        self._state += 1

    def _walk(self, items):
        state = self._state
        for item in items:
            if self._state != state:
                raise RuntimeError("deque mutated during iteration")
            yield item

    def __iter__(self):
        return self._walk(self._list())

    def __reversed__(self):
        return self._walk(self._list()[::-1])

    def _place(self, index):
        if not hasattr(index, "__index__"):
            raise TypeError(f"sequence index must be integer, not '{type(index).__name__}'")
        index = index.__index__()
        size = len(self)
        if not -size <= index < size:
            raise IndexError("deque index out of range")
        return self._first + index % size

    def __getitem__(self, index):
        return self._items[self._place(index)]

    def __setitem__(self, index, value):
        self._items[self._place(index)] = value

    def __delitem__(self, index):
        del self._items[self._place(index)]
        self._state += 1

    def insert(self, index, item):
        if self._maxlen is not None and len(self) >= self._maxlen:
            raise IndexError("deque already at its maximum size")
        items = self._list()
        items.insert(index, item)
        self._replace(items)

    def _search(self, value, start, stop):
        state = self._state
        for i, item in list(enumerate(self._list()))[slice(start, stop)]:
            if item is value or item == value:
                return i
            if self._state != state:
                raise RuntimeError("deque mutated during iteration")
        return -1

    def index(self, value, start=0, stop=None):
        found = self._search(value, start, stop)
        if found < 0:
            raise ValueError(f"{value!r} is not in deque")
        return found

    def remove(self, value):
        size, found = len(self), self._search(value, 0, None)
        if size != len(self):
            raise IndexError("deque mutated during remove().")
        if found < 0:
            raise ValueError("deque.remove(x): x not in deque")
        del self[found]

    def count(self, value):
        return sum(1 for item in self if item is value or item == value)

    def __contains__(self, value):
        return self._search(value, 0, None) >= 0

    def copy(self):
        return type(self)(self) if self._maxlen is None else type(self)(self, self._maxlen)

    __copy__ = copy

    def __add__(self, other):
        if not isinstance(other, deque):
            raise TypeError(f'can only concatenate deque (not "{type(other).__name__}") to deque')
        new = self.copy()
        new.extend(other)
        return new

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __mul__(self, n):
        new = self.copy()
        new *= n
        return new

    __rmul__ = __mul__

    def __imul__(self, n):
        self._replace(self._list() * n)
        return self

    def __eq__(self, other):
        return self._list() == other._list() if isinstance(other, deque) else NotImplemented

    def __ne__(self, other):
        return self._list() != other._list() if isinstance(other, deque) else NotImplemented

    def __lt__(self, other):
        return self._list() < other._list() if isinstance(other, deque) else NotImplemented

    def __le__(self, other):
        return self._list() <= other._list() if isinstance(other, deque) else NotImplemented

    def __gt__(self, other):
        return self._list() > other._list() if isinstance(other, deque) else NotImplemented

    def __ge__(self, other):
        return self._list() >= other._list() if isinstance(other, deque) else NotImplemented

    def __reduce__(self):
        args = () if self._maxlen is None else ((), self._maxlen)
        return type(self), args, getattr(self, "__dict__", None), iter(self)

    def __repr__(self):
        items = ["[...]" if item is self else repr(item) for item in self._list()]
        bound = "" if self._maxlen is None else f", maxlen={self._maxlen}"
        return f"{type(self).__name__}([{', '.join(items)}]{bound})"
