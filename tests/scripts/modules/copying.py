"""copy, heapq, bisect, queue, reprlib, keyword, string without re."""
import bisect
import copy
import heapq
import keyword
import queue
import reprlib
import string
import threading


def attempt(call, *args, **kwargs):
    try:
        print(repr(call(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, e)


class Node:
    def __init__(self, *children):
        self.children = list(children)


class Slots:
    __slots__ = "a", "b"


leaf = Node()
root = Node(leaf, leaf)
root.children.append(root)
deep, shallow = copy.deepcopy(root), copy.copy(root)
print(deep.children[0] is deep.children[1], deep.children[0] is leaf, deep.children[2] is deep, shallow.children is root.children)
s = Slots()
s.a = [1]
t = copy.deepcopy(s)
print(t.a, t.a is s.a, hasattr(t, "b"), copy.copy(s).a is s.a)
tup = (1, [2], "x")
print(copy.deepcopy(tup), copy.deepcopy(tup) is tup, copy.copy(tup) is tup, copy.deepcopy((1, (2, 3))) == (1, (2, 3)))
for value in ([1, [2]], {"a": [1]}, {1, 2}, frozenset([1]), bytearray(b"x"), 1 << 70, None, len, int, range(3), slice(1), 1j):
    c, d = copy.copy(value), copy.deepcopy(value)
    print(type(value).__name__, c == value, d == value, c is value, d is value)


class Own:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return "deep", type(memo).__name__


print(copy.copy(Own()), copy.deepcopy([Own()]))


class Reduced:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return Reduced, (self.x,)


print(copy.copy(Reduced(3)).x, copy.deepcopy(Reduced([1])).x)
lst = [1]
lst.append(lst)
dl = copy.deepcopy(lst)
print(dl, dl[1] is dl)
attempt(copy.copy, (x for x in ()))


class L(list):
    pass


class D(dict):
    pass


l = L([1, [2]])
l.extra = [3]
m = copy.deepcopy(l)
print(m, type(m).__name__, m.extra, m.extra is l.extra, copy.copy(D(a=1)), type(copy.copy(D(a=1))).__name__)
e = copy.copy(ValueError("a", 1))
print(repr(e), e.args)

# heapq
h = []
for n in (5, 1, 4, 1, 3):
    heapq.heappush(h, n)
print(h[0], heapq.heappop(h), heapq.heappushpop(h, 0), heapq.heapreplace(h, 9), sorted(h))
x = [9, 8, 7, 6, 5, 4]
heapq.heapify(x)
print(x, [heapq.heappop(x) for _ in range(6)])
print(heapq.nlargest(2, "hello"), heapq.nsmallest(3, [4, 1, 3, 2], key=lambda v: -v), heapq.nlargest(0, [1]), list(heapq.merge([1, 4], [2, 3], [0])))
print(list(heapq.merge([4, 1], [3, 2], reverse=True)), list(heapq.merge(["a", "ccc"], ["bb"], key=len)))
attempt(heapq.heappop, [])
# bisect
print(bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2), bisect.bisect([1, 2], 0, 1), bisect.bisect([-3, -1], 2, key=abs))
y = [1, 3]
bisect.insort(y, 2)
bisect.insort_left(y, 2)
print(y)
attempt(bisect.bisect, [1], 1, -1)
# queue
q = queue.Queue(2)
q.put(1)
q.put(2)
attempt(q.put_nowait, 3)
print(q.get(), q.qsize(), q.full(), q.empty(), q.get(timeout=1))
attempt(q.get, timeout=0.001)
attempt(q.get_nowait)
p = queue.PriorityQueue()
for v in (3, 1, 2):
    p.put(v)
print([p.get() for _ in range(3)])
li = queue.LifoQueue()
li.put(1)
li.put(2)
print(li.get(), li.get())
work, results = queue.Queue(), []


def worker():
    while (item := work.get()) is not None:
        results.append(item * item)
        work.task_done()
    work.task_done()


threads = [threading.Thread(target=worker) for _ in range(3)]
for th in threads:
    th.start()
for v in range(20):
    work.put(v)
for _ in threads:
    work.put(None)
work.join()
print(sorted(results))
attempt(work.task_done)
sq = queue.SimpleQueue()
sq.put("a")
print(sq.get(), sq.empty())
attempt(sq.get, False)
# reprlib, keyword
print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100), reprlib.repr({i: i for i in range(9)}), reprlib.repr((1,)),
      reprlib.repr(10 ** 90), reprlib.repr(set("abcdefgh")), reprlib.repr([[[[[[[[1]]]]]]]]))


class R:
    @reprlib.recursive_repr()
    def __repr__(self):
        return f"R({self!r})"


print(R(), keyword.iskeyword("for"), keyword.iskeyword("match"), keyword.issoftkeyword("match"), len(keyword.kwlist), keyword.softkwlist)
# string
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.hexdigits, len(string.printable))
print(string.capwords("hello wORLD  x"), string.capwords("a-b", "-"))


class F(string.Formatter):
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else super().get_value(key, args, kwargs)


f = string.Formatter()
print(f.format("{0} {1!r:>5} {a.real} {b[0]} {{x}} {c:{w}}", 1, "q", a=3, b=[4], c=5, w=4), F().format("{nothing} {0}", 1))
print(f.format("{} {}", 1, 2), list(f.parse("a{b!r:c}d{{e}}")))
for bad in ("{", "}", "{0} {}", "{x", "{0!z}", "{0!}", "{a[}"):
    attempt(f.format, bad, 1, a=2)
