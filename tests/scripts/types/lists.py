# list and tuple: methods, slices, sorting, comparing, cycles, changes under way.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


a = list(range(10))
for start in [None, 0, 3, -3, 20, -20]:
    for stop in [None, 0, 5, -2, 20, -20]:
        for step in [None, 1, 2, -1, -3, 20]:
            print(a[start:stop:step], tuple(a)[start:stop:step])
            b = a[:]
            del b[start:stop:step]
            c = a[:]
            n = len(c[start:stop:step])
            c[start:stop:step] = 'x' * n
            print(b, c)
b = a[:]
b[2:5] = []
b[1:1] = 'abc'
b[-1:] = [1, 2, 3]
b[0] = 'first'
print(b)
b[:] = b
b += (1, 2)
b += b
print(b)
b *= 2
print(len(b), b.count(1), b.index(2), b.index(2, 10), b[::-1][:3])
t(lambda: b.index('zz'))
t(lambda: b.index(2, 1000))
b.extend(x for x in 'yz')
b.insert(0, 0)
b.insert(-1, 'i')
b.insert(1000, 'end')
b.reverse()
print(b.pop(), b.pop(0), b.pop(-2), b[:4], len(b))
b.remove(1)
t(lambda: b.remove('nope'))
t(lambda: b.__setitem__(slice(None, None, 2), [1]))
t(lambda: b.__setitem__(slice(0, 2), 5))
t(lambda: b.__setitem__(1000, 1))
t(lambda: b.__delitem__(1000))
t(lambda: b['x'])
t(lambda: b[1.0])
t(lambda: b[10**30])
t(lambda: [].pop())
t(lambda: [1].pop(5))
t(lambda: [1].pop('x'))
t(lambda: [1] + (2,))
t(lambda: [1] * 'a')
t(lambda: [1] * 10**18)
t(lambda: (1,) * 10**18)
t(lambda: [1] * -1)
t(lambda: list(5))
t(lambda: list(x=1))
t(lambda: hash([]))
t(lambda: [1, 2] < [1, 'a'])
t(lambda: [1, 2] < 5)
t(lambda: [].append())
t(lambda: [].insert(1))
t(lambda: [3, 'a'].sort())
t(lambda: [1].sort(5))
t(lambda: [1].sort(key=5))
t(lambda: [1, 2].sort(reverse='x'))
print([1, 2] == [1, 2], [1, 2] != [1, 3], [1, 2] < [1, 3], [1] < [1, 0], [] < [0], [2] > [1, 9], [1, 2] >= [1, 2], [1] == (1,))
print((1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, 2) + (3,), (1,) * 3, (1, 2, 1).count(1), (1, 2).index(2), 2 in (1, 2), () + (), hash((1, 2)) == hash((1, 2)))
t(lambda: (1,).index(5))
t(lambda: (1,)['x'])
t(lambda: (1,)[5])
t(lambda: (1,) + [2])
t(lambda: hash((1, [])))
t(lambda: tuple(5))
t(lambda: tuple('abc'))
t(lambda: (1,).__setitem__(0, 1))
print(len({hash((x, y)) for x in range(50) for y in range(50)}), (1,), (), ((),), ((1,),), (1, 'a', None, 2.5))
a = []
a.append(a)
print(a, [a], (a,), {1: a})
t(lambda: a == a)
t(lambda: [a] == [[a]])
d = ([],)
d[0].append(d)
print(d)
# Sorting.
seed = 1


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n


for n in [0, 1, 2, 3, 10, 31, 32, 33, 64, 65, 100, 500, 2000]:
    for kind in range(6):
        v = [rnd(n // 3 + 1) for _ in range(n)]
        if kind == 1:
            v.sort()
        elif kind == 2:
            v.sort(reverse=True)
        elif kind == 3:
            v = [float(x) for x in v]
        elif kind == 4:
            v = [str(x) for x in v]
        elif kind == 5:
            v = v[:n // 2] + sorted(v[n // 2:])
        pairs = [(x, i) for i, x in enumerate(v)]
        s = sorted(v)
        assert all(not s[i + 1] < s[i] for i in range(n - 1))
        assert sorted(pairs) == sorted(pairs, key=lambda p: p[0])
        r = sorted(pairs, key=lambda p: p[0], reverse=True)
        assert all(r[i][0] > r[i + 1][0] or r[i][0] == r[i + 1][0] and r[i][1] < r[i + 1][1] for i in range(n - 1))
        w = v[:]
        w.sort()
        assert w == s and sorted(v, reverse=True) == s[::-1]
        if n < 40:
            print(s, r)
print(sorted(['b', 'A', 'c'], key=str.lower), sorted([3, 1.5, True, -2]), sorted({3: 1, 1: 2}), sorted('hello', reverse=True), sorted([10**30, 5, -10**30]))
count = 0


class K:
    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        global count
        count += 1
        return self.v < other.v


print([k.v for k in sorted([K(x) for x in [3, 1, 2, 5, 4]])], count)
count = 0
sorted([K(i) for i in range(100)])
print(count)
x = [3, 2, 1]


def bad(v):
    x.append(v)
    return v


t(lambda: x.sort(key=bad))
print(x)


def fail(v):
    if v == 2:
        raise KeyError('in key')
    return v


t(lambda: x.sort(key=fail))
print(x)


class Evil:
    def __lt__(self, other):
        x.clear()
        return False

    def __eq__(self, other):
        x.clear()
        return False


x = [Evil(), Evil(), Evil()]
t(lambda: x.sort())
x = [Evil(), 1, 2]
t(lambda: 5 in x)
x = [Evil(), 1, 2]
t(lambda: x.index(7))
x = [Evil(), 1, 2]
t(lambda: x.remove(7))
x = [Evil(), 1, 2]
t(lambda: x.count(1))
x = [Evil(), 1, 2]
t(lambda: x == [1, 1, 2])
x = [1, 2, 3]
for i in x:
    if len(x) < 10:
        x.append(i * 10)
print(x)
for i in x:
    x.remove(i)
print(x)
it = iter([1, 2])
print(next(it), it.__length_hint__(), list(it), list(it), next(it, 'end'))
r = reversed([1, 2, 3])
print(next(r), r.__length_hint__(), list(r), list(r))
deep = []
for _ in range(100000):
    deep = [deep]
del deep
deep = ()
for _ in range(100000):
    deep = (deep,)
t(lambda: repr(deep) and 0)
del deep


class L(list):
    pass


v = L([1, 2])
v.x = 5
print(v, type(v), v.x, type(v + [1]), type(v[:]), v == [1, 2], L('ab'), isinstance(v, list), type(v * 2), type(v.copy()))


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)


v = T(1, 2)
v.x = 3
print(v, type(v), v.x, v == (1, 2), hash(v) == hash((1, 2)), type(v[:]), type(v + ()), len(v))
print(list(enumerate('ab', 5)), list(zip('abc', [1, 2])), list(zip()), list(map(lambda p, q: p + q, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, '', 'a'])), list(reversed((1, 2, 3))))
t(lambda: list(zip('abc', [1], strict=True)))
t(lambda: list(zip('a', [1, 2], strict=True)))
t(lambda: list(zip('a', [1], [1, 2], strict=True)))
t(lambda: list(zip('ab', 'ab', 'a', strict=True)))
t(lambda: zip(5))
t(lambda: map(len))
t(lambda: filter(1))
t(lambda: enumerate())
t(lambda: enumerate(5))
t(lambda: enumerate('a', 'b'))
t(lambda: reversed(5))
t(lambda: reversed({1}))
t(lambda: list(map(5, [1])))
t(lambda: list(enumerate('ab', start=2**63)))
print(list(iter(iter([1, 2, 3, 0, 4]).__next__, 0)), sum([[1], [2]], []), any([]), all([]))


class Seq:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i

    def __len__(self):
        return 4


print(list(Seq()), list(reversed(Seq())), 9 in Seq(), 5 in Seq(), tuple(Seq()), max(Seq()), [*Seq()])
p, *q = range(5)
print(p, q, [*range(3), *'ab'], (*[1], 2), [x for x in range(10) if x % 3 == 0])
print(slice(1), slice(1, 2, 3), slice(None) == slice(None), slice(1, 2) < slice(1, 3), slice(1, 10, 2).indices(5), slice(None, None, -1).indices(5), slice(-3, None).indices(10**30), slice(5).start, slice(1, 2, 3).step)
t(lambda: slice())
t(lambda: slice(1, 2, 0).indices(5))
t(lambda: slice('a').indices(5))
t(lambda: slice(1).indices(-1))
t(lambda: hash(slice(1)))
t(lambda: [1][::0])
t(lambda: [1]['a':])
