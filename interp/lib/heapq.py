# SPDX-License-Identifier: BSD-2-Clause
"""Heaps in lists: no item is greater than those at 2i+1 and 2i+2."""
__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge", "nlargest", "nsmallest", "heappushpop"]


def heappush(heap, item):
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap):
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    first, heap[0] = heap[0], last
    _sink(heap, 0)
    return first


def heapreplace(heap, item):
    """Pops the smallest, then pushes an item."""
    first, heap[0] = heap[0], item
    _sink(heap, 0)
    return first


def heappushpop(heap, item):
    """Pushes an item, then pops the smallest."""
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x):
    for i in reversed(range(len(x) // 2)):
        _sink(x, i)


def _rise(heap, top, i):
    """The item at i goes up, at most to top, to where its parent is not greater."""
    item = heap[i]
    while i > top:
        above = (i - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[i] = parent
        i = above
    heap[i] = item


def _sink(heap, i):
    """The item at i goes down along the smaller children to a leaf, and from there up to its place: fewer comparisons."""
    end, top, item = len(heap), i, heap[i]
    child = 2 * i + 1
    while child < end:
        other = child + 1
        if other < end and not heap[child] < heap[other]:
            child = other
        heap[i] = heap[child]
        i = child
        child = 2 * i + 1
    heap[i] = item
    _rise(heap, top, i)


class _Reversed:
    """Orders as its value does not."""
    __slots__ = "value",

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return other.value < self.value


def merge(*iterables, key=None, reverse=False):
    """The items of sorted iterables in order, read as they are needed."""
    heap = []
    for number, iterable in enumerate(iterables):
        step = iter(iterable).__next__
        for item in _once(step):
            heap.append([_ordered(item, key, reverse), number, item, step])
    heapify(heap)
    while heap:
        entry = heap[0]
        yield entry[2]
        try:
            item = entry[3]()
        except StopIteration:
            heappop(heap)
        else:
            heapreplace(heap, [_ordered(item, key, reverse), entry[1], item, entry[3]])


def _once(step):
    try:
        yield step()
    except StopIteration:
        pass


def _ordered(item, key, reverse):
    value = item if key is None else key(item)
    return _Reversed(value) if reverse else value


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]
