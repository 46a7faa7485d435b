# dict and set: methods, views, order, changes under way, comparisons.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


d = {'a': 1, 'b': 2}
d['c'] = 3
d[1] = 'one'
d[(1, 2)] = 'tuple'
d[1.0] = 'uno'
print(d, len(d), d['a'], d.get('zz'), d.get('zz', 5), 'a' in d, 2 in d, list(d), list(d.values()), list(d.items()))
del d['b']
d['b'] = 9
print(d, d.pop('a'), d.pop('a', 'none'), d.setdefault('q', []), d.setdefault('q', 5), d.popitem(), d)
t(lambda: d['zz'])
t(lambda: d.pop('zz'))
t(lambda: d[(5, 6)])
t(lambda: d[None])
t(lambda: d.pop((5, 6)))
t(lambda: {1}.remove((5, 6)))
t(lambda: d.__delitem__('zz'))
t(lambda: {}.popitem())
t(lambda: d[[]])
t(lambda: {[]: 1})
t(lambda: {}.update(5))
t(lambda: {}.update([1]))
t(lambda: {}.update(['abc']))
t(lambda: dict([(1, 2), (3,)]))
t(lambda: dict(5))
t(lambda: dict(1, 2))
t(lambda: dict([(1, 2)], a=3))
t(lambda: dict({'x': 1}, y=2))
t(lambda: dict(['ab', 'cd']))
t(lambda: dict.fromkeys('abc'))
t(lambda: dict.fromkeys([1, 2], 0))
t(lambda: {}.get())
t(lambda: {} < {})
t(lambda: hash({}))
t(lambda: {1: 2} | {3: 4})
t(lambda: {1: 2} | [])
t(lambda: [] | {1: 2})
t(lambda: {'a': 1, **{'b': 2}, 'a': 3})
x = {1: 2}
x |= {1: 3, 5: 6}
x |= [(7, 8)]
x.update(k=1)
x.update({'z': 2}, w=3)
print(x, x == dict(x), x != {}, {1: 2, 3: 4} == {3: 4, 1: 2}, {1: 2} == {1: 3}, {1: 2} == {2: 2}, x.copy() is x)
print(list(reversed(x)), list(reversed(x.values())), list(reversed(x.items())))
k, v, i = x.keys(), x.values(), x.items()
print(k, v, i, len(k), 5 in k, 6 in v, (5, 6) in i, (5, 7) in i, 5 in i)
a, b = {1: 1, 2: 2, 3: 3}, {2: 2, 3: 33, 4: 4}
print(sorted(a.keys() & b.keys()), sorted(a.keys() | b.keys()), sorted(a.keys() - b.keys()), sorted(a.keys() ^ b.keys()))
print(sorted(a.items() & b.items()), sorted(a.items() - b.items()), a.keys() & [1, 9], a.keys() - {1}, {1, 7} & a.keys(), sorted([5] | a.keys()))
print(a.keys() == {1, 2, 3}, a.keys() <= {1, 2, 3, 4}, a.keys() < {1, 2, 3}, a.keys() >= {1}, a.keys() > {1}, a.keys() != b.keys(), a.keys().isdisjoint([7]), a.items() == {(1, 1), (2, 2), (3, 3)}, a.keys() == [1, 2, 3])
t(lambda: a.keys() & 5)
t(lambda: a.values() & a.keys())
t(lambda: hash(a.keys()))
t(lambda: a.keys().mapping)
t(lambda: a.keys().mapping.__setitem__(1, 2))


def grow():
    for q in a:
        a[q + 100] = 1


def shrink():
    for q in a:
        del a[q]


def swap():
    for q in list(a):
        pass
    for q in a:
        del a[q]
        a[q + 1000] = 1


for f in grow, shrink:
    a = {1: 1, 2: 2, 3: 3}
    t(f)
a = {1: 1}
t(swap)
a = {i: i for i in range(10)}
for q in a:
    a[q] = q * q
print(a)
big = {}
for i in range(5000):
    big[i * 7919 % 5003] = i
for i in range(0, 5000, 3):
    big.pop(i * 7919 % 5003)
print(len(big), sum(big), sum(big.values()), list(big)[:10], list(big)[-5:])
strs = {str(i): i for i in range(3000)}
for i in range(0, 3000, 2):
    del strs[str(i)]
strs[5] = 'int'
print(len(strs), strs['2999'], strs.get('2998'), list(strs)[-1], strs[5])
while len(strs) > 10:
    strs.popitem()
print(strs)
c = {}
c['self'] = c
print(c, {1: c})
t(lambda: c == c)


class Key:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return 1

    def __eq__(self, other):
        global mutate
        if mutate > 0:
            mutate -= 1  # without an end the lookup would have none
            target.clear()
            for j in range(20):
                target[j] = j
        return isinstance(other, Key) and self.v == other.v

    def __repr__(self):
        return 'Key(%r)' % self.v


mutate = 0
target = {Key(i): i for i in range(5)}
print(target, target[Key(3)], target.get(Key(9)))
mutate = 3
t(lambda: target[Key(3)])
mutate = 0
target = {Key(1): 1}
mutate = 3
target[Key(2)] = 2
mutate = 0
print(len(target) > 1)


class Bad:
    def __hash__(self):
        raise ValueError('no hash')


class BadEq:
    def __hash__(self):
        return 7

    def __eq__(self, other):
        raise ValueError('no eq')


t(lambda: {Bad(): 1})
t(lambda: Bad() in {})
z = {BadEq(): 1}
t(lambda: z[BadEq()])
t(lambda: z == {BadEq(): 1})
t(lambda: {1} & {Bad()})


class D(dict):
    def __missing__(self, key):
        return key * 2


m = D(a=1)
m.attr = 1
print(m, m['x'], m.get('x'), m.attr, type(m.copy()), type(m | {}), D.fromkeys('ab', 0), type(D.fromkeys('a')), isinstance(m, dict), m == {'a': 1})


class Mapping:
    def keys(self):
        return ['p', 'q']

    def __getitem__(self, key):
        return key + '!'


print(dict(Mapping()), {**Mapping()}, dict(Mapping(), r=1))
n = dict(zip(range(5), 'abcde'))
it = iter(n.items())
print(next(it), it.__length_hint__(), list(it), list(it))
print([p for p in n.items()], {v: k for k, v in n.items()}, max(n), sum(n))
# Sets.
s, u = {1, 2, 3}, {3, 4}
print(s | u, s & u, s - u, s ^ u, s <= u, {3} <= u, {3} < u, s > {1}, s >= s, s == {3, 2, 1}, s != u, s.isdisjoint(u), s.isdisjoint([9]))
print(s.union([5], (6,)), s.intersection([1, 2], {2}), s.difference([1], [2]), s.symmetric_difference([1, 9]), s.issubset(range(9)), s.issuperset([1]), s.copy() == s)
s.add(10)
s.discard(99)
s.discard(1)
s.remove(2)
s.update([20, 21], {22})
print(sorted(s), len(s), 20 in s)
s &= {3, 20, 21}
s |= {7}
s -= {20}
s ^= {7, 8}
print(sorted(s))
s.intersection_update([3, 8], [3])
s.difference_update([9])
s.symmetric_difference_update([4, 4])
print(sorted(s), s.pop() in (3, 4), len(s))
s.clear()
print(s, set(), frozenset(), frozenset([1]), {1}, set('a'), repr(frozenset('a')))
t(lambda: set().pop())
t(lambda: {1}.remove(5))
t(lambda: {1}.remove([]))
t(lambda: {[]})
t(lambda: {1}.add({}))
t(lambda: {1} | [2])
t(lambda: {1} < [2])
t(lambda: set(5))
t(lambda: set(1, 2))
t(lambda: hash({1}))
t(lambda: {1}.union(5))
t(lambda: {frozenset([1])} == {frozenset([1])})
t(lambda: {1} in {frozenset([1])})
t(lambda: hash(frozenset([1, 2, 3])) == hash(frozenset([3, 2, 1])))
t(lambda: frozenset([1]) | {2})
t(lambda: type({2} | frozenset([1])))
t(lambda: frozenset([1]).add(2))
t(lambda: {1, 1.0, True})
t(lambda: frozenset([1, 2]) == {1, 2})
e = set(range(5))


def setgrow():
    for q in e:
        e.add(q + 100)


t(setgrow)
print(set(range(20)), {5, 3, 9, 1}, set([100, 50, 3, 7, 1000]), set(range(0, 200, 7)), {-1, -2, 0})
w = set()
for i in range(3000):
    w.add(i * 31 % 1009)
for i in range(0, 3000, 2):
    w.discard(i % 1009)
print(len(w), sum(w))
w = set(map(str, range(2000)))
print(len(w), '1999' in w, '2000' in w, len(w & {'1', '5', 'x'}), len(w - {'1'}), len(w ^ {'1', 'x'}))


class SS(set):
    pass


y = SS([1])
y.a = 1
print(y, type(y), type(y | {2}), type(y.copy()), y.a, y == {1}, {1} == y)


class FS(frozenset):
    pass


print(FS([1]), hash(FS([1])) == hash(frozenset([1])), {FS([1]): 2}[frozenset([1])])
l = []
r = {1: l}
l.append(r)
print(r)
