# SPDX-License-Identifier: BSD-2-Clause
"""Iterators made of iterators. Each is a generator, but for those with more than __next__."""
from operator import add as _add

_missing = object()


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable, /):
    saved = []
    for item in iterable:
        yield item
        saved.append(item)
    while saved:
        yield from saved


def repeat(object, times=None):
    if times is None:
        while True:
            yield object
    for _ in range(times):
        yield object


def accumulate(iterable, func=None, *, initial=None):
    it, func = iter(iterable), func or _add
    total = initial
    if initial is None:
        total = next(it, _missing)
        if total is _missing:
            return
    yield total
    for item in it:
        total = func(total, item)
        yield total


class chain:
    """The items of all iterables, one after the other."""

    __slots__ = ("_items",)

    def __init__(self, *iterables):
        self._items = (item for iterable in iterables for item in iterable)

    @classmethod
    def from_iterable(cls, iterable, /):
        self = cls()
        self._items = (item for each in iterable for item in each)
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)


def compress(data, selectors):
    return (item for item, wanted in zip(data, selectors) if wanted)


def dropwhile(predicate, iterable, /):
    it = iter(iterable)
    for item in it:
        if not predicate(item):
            yield item
            break
    yield from it


def takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def filterfalse(predicate, iterable, /):
    return (item for item in iterable if not (item if predicate is None else predicate(item)))


def starmap(function, iterable, /):
    return (function(*args) for args in iterable)


def _is_natural(value):
    return value is None or (hasattr(value, "__index__") and 0 <= value <= 2**63 - 1)


def islice(iterable, *args):
    if not 1 <= len(args) <= 3:
        raise TypeError(f"islice expected at {'least 2' if not args else 'most 4'} arguments, got {len(args) + 1}")
    s = slice(*args)
    for value, what in ((s.stop, "Stop argument"), (s.start, "Indices")):
        if not _is_natural(value):
            raise ValueError(f"{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if s.step is not None and (not hasattr(s.step, "__index__") or s.step < 1):
        raise ValueError("Step for islice() must be a positive integer or None.")
    return _islice(iter(iterable), s.start or 0, s.stop, s.step or 1)


def _islice(it, start, stop, step):
    position = 0
    while stop is None or start < stop:
        while position < start:
            if next(it, _missing) is _missing:
                return
            position += 1
        item = next(it, _missing)
        if item is _missing:
            return
        yield item
        position += 1
        start += step
    while position < (stop or 0):
        if next(it, _missing) is _missing:
            return
        position += 1


def pairwise(iterable, /):
    it = iter(iterable)
    a = next(it, _missing)
    for b in it:
        yield a, b
        a = b


def zip_longest(*iterables, fillvalue=None):
    its = [iter(it) for it in iterables]
    left = len(its)
    while left:
        items = []
        for i, it in enumerate(its):
            item = fillvalue if it is None else next(it, _missing)
            if item is _missing:
                its[i], item, left = None, fillvalue, left - 1
                if not left:
                    return
            items.append(item)
        yield tuple(items)


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError("n must be >= 0")
    it = iter(iterable)
    queue = [None, None]  # [item, next link]: filled by whoever comes first

    def branch(link):
        while True:
            if link[1] is None:
                item = next(it, _missing)
                if item is _missing:
                    return
                link[0], link[1] = item, [None, None]
            item, link = link
            yield item

    return tuple(branch(queue) for _ in range(n))


class groupby:
    """(key, items of one run of equal keys) for each run."""

    def __init__(self, iterable, key=None):
        self._it, self._key_of = iter(iterable), key or (lambda item: item)
        self._key = self._target = self._id = _missing
        self._item = None

    def __iter__(self):
        return self

    def __next__(self):
        self._id = object()
        while self._key is _missing or (self._target is not _missing and self._key == self._target):
            self._step()
        self._target = self._key
        return self._key, self._group(self._target, self._id)

    def _step(self):
        self._item = next(self._it)
        self._key = self._key_of(self._item)

    def _group(self, target, id):
        while self._id is id and self._key == target:
            yield self._item
            try:
                self._step()
            except StopIteration:
                return


def product(*iterables, repeat=1):
    pools = [tuple(it) for it in iterables] * repeat

    def generate():
        indices = [0] * len(pools)
        if not all(pools):
            return
        while True:
            yield tuple(pool[i] for pool, i in zip(pools, indices))
            for place in reversed(range(len(pools))):
                indices[place] += 1
                if indices[place] < len(pools[place]):
                    break
                indices[place] = 0
            else:
                return

    return generate()


def _chosen(pool, r, advance):
    if r < 0:
        raise ValueError("r must be non-negative")

    def generate():
        indices = advance(None, len(pool), r)
        while indices is not None:
            yield tuple(pool[i] for i in indices)
            indices = advance(indices, len(pool), r)

    return generate()


def _next_combination(indices, n, r):
    if indices is None:
        return list(range(r)) if r <= n else None
    for i in reversed(range(r)):
        if indices[i] != i + n - r:
            indices[i:] = range(indices[i] + 1, indices[i] + 1 + r - i)
            return indices
    return None


def _next_with_replacement(indices, n, r):
    if indices is None:
        return [0] * r if n or not r else None
    for i in reversed(range(r)):
        if indices[i] != n - 1:
            indices[i:] = [indices[i] + 1] * (r - i)
            return indices
    return None


def combinations(iterable, r):
    return _chosen(tuple(iterable), r, _next_combination)


def combinations_with_replacement(iterable, r):
    return _chosen(tuple(iterable), r, _next_with_replacement)


def permutations(iterable, r=None):
    pool = tuple(iterable)
    n = len(pool)
    r = n if r is None else r

    def advance(indices, n, r):
        if indices is None:
            return list(range(r)) if r <= n else None
        used = set(indices)
        for i in reversed(range(r)):
            used.discard(indices[i])
            bigger = [k for k in range(indices[i] + 1, n) if k not in used]
            if bigger:
                indices[i] = bigger[0]
                used.add(bigger[0])
                for j in range(i + 1, r):
                    indices[j] = min(k for k in range(n) if k not in used)
                    used.add(indices[j])
                return indices
        return None

    return _chosen(pool, r, advance)
