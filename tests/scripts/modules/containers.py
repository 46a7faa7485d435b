"""collections: what is built on dict, list and tuple."""
import collections
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple


def attempt(call, *args, **kwargs):
    try:
        print(repr(call(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, e)


# namedtuple
Point = namedtuple("Point", "x, y z", defaults=[7])
p = Point(1, 2)
print(p, p.x, p[2], p._asdict(), p._replace(y=9), Point._make("abc"), Point._fields, Point._field_defaults, Point.__doc__)
print(p == (1, 2, 7), hash(p) == hash((1, 2, 7)), Point.x.__doc__, Point.__match_args__, Point.__module__, Point.__new__.__doc__)
for bad in ("def", "a a", "_a", "a-b", ["a", 1], "x y z a 9"):
    attempt(namedtuple, "N", bad)
print(namedtuple("N", ["def", "a", "a", "_b"], rename=True)._fields)
attempt(namedtuple, "N", "a", defaults=(1, 2))
attempt(p._replace, w=1)
attempt(Point._make, "ab")
attempt(Point)
match p:
    case Point(a, b, z=c):
        print(a, b, c)


class Sub(Point):
    def norm(self):
        return self.x + self.y


print(Sub(3, 4), Sub(3, 4).norm(), repr(Sub(1, 2)._replace(x=5)))

# OrderedDict
d = OrderedDict(b=1, a=2)
d["c"] = 3
d.move_to_end("b")
print(d, list(reversed(d)), list(reversed(d.items())), list(reversed(d.values())))
d.move_to_end("c", last=False)
print(d, d.popitem(), d.popitem(last=False), d, d == {"a": 2}, OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1))
attempt(d.move_to_end, "nothing")
attempt(OrderedDict().popitem)
attempt(d.pop, "nothing")
print(d.pop("a"), d, bool(d), d.setdefault("k", 4), d | {"z": 1}, {"z": 1} | d, OrderedDict.fromkeys("ab", 0))
d["self"] = d
print(d, d.copy() is d)
attempt(OrderedDict, 1, 2)

# Counter
c = Counter("abracadabra")
print(c, c["z"], c.most_common(2), sorted(c.elements()), c.total(), c.most_common())
c.update(a=2, q=1)
c.subtract("aab")
print(c, +Counter(a=1, b=-1), -Counter(a=1, b=-1), Counter(a=3, b=1) - Counter(a=1, b=2), Counter(a=3) & Counter(a=1, b=1),
      Counter(a=3) | Counter(a=1, b=1), Counter(a=1) + Counter(b=0, c=2))
print(Counter(a=1) <= Counter(a=2), Counter(a=1) == Counter(a=1, b=0), Counter(a=2) > Counter(a=1), Counter() != Counter(a=1))
del c["not there"]
attempt(Counter.fromkeys, "ab")
c = Counter(a=1, b=2)
c += Counter(a=1)
c -= Counter(b=5)
print(c, Counter({"x": 1}).copy(), Counter([1, 1]).items(), Counter(None), repr(Counter()))
attempt(Counter, 42)

# ChainMap
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(m, m["a"], m["b"], len(m), list(m), "b" in m, m.get("c", 0), m.parents, m.new_child({"q": 1}), m.new_child(k=2))
m["b"] = 9
print(m.maps, m.pop("b"), m.maps, m | {"c": 1}, {"a": 0, "d": 4} | m, bool(ChainMap()))
attempt(m.__delitem__, "b")
attempt(m.pop, "zz")
attempt(ChainMap().popitem)
attempt(m.__getitem__, "none")


# The User classes
class Upper(UserDict):
    def __setitem__(self, key, item):
        super().__setitem__(key.upper(), item)


u = Upper(a=1)
u.update(b=2)
print(u, u.data, "A" in u, u.pop("A"), len(u), u | {"C": 1}, u.copy(), sorted(u.items()))
l = UserList([3, 1, 2])
l.sort()
print(l, l + [4], [0] + l, l * 2, l[1:], type(l[1:]).__name__, l == [1, 2, 3], l < [2], 2 in l, l.index(3), l.pop(), l)
s = UserString("abc")
print(s, s.upper(), type(s.upper()).__name__, s + "d", "z" + s, s * 2, s[1], s == "abc", "b" in s, s.find("c"), len(s),
      UserString("%s-%s") % (1, 2), s.join("xy"), hash(s) == hash("abc"), s.split("b"), s.startswith("a"), s.center(7, "*"))

# defaultdict and deque
dd = defaultdict(list)
dd["a"].append(1)
print(dd, dd["x"], dd, dd.copy() == dd, defaultdict(int, a=1) | {"b": 2})
attempt(defaultdict, 1)
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.appendleft(0)
q.rotate(1)
print(q, q.maxlen, q[0], q[-1], 3 in q, q.index(3), list(reversed(q)), q.copy(), deque("ab") + deque("c"), q.count(3))
attempt(q.insert, 0, 1)
attempt(deque().pop)
attempt(deque().popleft)
print(collections.__all__)
