"""abc, collections.abc, types."""
import abc
import types
from abc import ABC, ABCMeta, abstractmethod
import collections.abc as ca


def attempt(call, *args, **kwargs):
    try:
        print(repr(call(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, e)


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...

    @classmethod
    @abstractmethod
    def make(cls): ...


class Half(Shape):
    def area(self):
        return 1


class Square(Half):
    name = "square"

    @classmethod
    def make(cls):
        return cls()


attempt(Shape)
attempt(Half)
print(Square().area(), sorted(Shape.__abstractmethods__), Square.make().name, Square.__abstractmethods__)


@Shape.register
class Circle:
    pass


print(issubclass(Circle, Shape), isinstance(Circle(), Shape), issubclass(int, Shape), Circle.__mro__)
attempt(Shape.register, 1)
attempt(Square.register, Shape)
before = abc.get_cache_token()
Shape.register(int)
print(before == abc.get_cache_token(), issubclass(int, Shape), issubclass(bool, Shape))


class Hooked(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        return hasattr(other, "quack") or NotImplemented


class Duck:
    def quack(self): ...


print(issubclass(Duck, Hooked), issubclass(str, Hooked))

# What is what
things = [0, "a", b"", [], (), {}, set(), frozenset(), range(1), {}.keys(), {}.items(), {}.values(), iter([]), (x for x in ()), len,
          bytearray(), memoryview(b""), object(), type, zip(), reversed([]), iter({}), map(len, ())]
names = [n for n in ca.__all__]
for thing in things:
    print(type(thing).__name__, [n for n in names if isinstance(thing, getattr(ca, n))])


async def coroutine(): pass


async def agen(): yield


co, ag = coroutine(), agen()
print([n for n in names if isinstance(co, getattr(ca, n))], [n for n in names if isinstance(ag, getattr(ca, n))])
co.close()
print([m for m in names if issubclass(type("NoHash", (), {"__hash__": None}), getattr(ca, m))])


# Mixins
class Numbers(ca.Sequence):
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n or i < -self.n:
            raise IndexError(i)
        return i % self.n

    def __len__(self):
        return self.n


n = Numbers(4)
print(list(n), 3 in n, 9 in n, list(reversed(n)), n.index(2), n.count(1))
attempt(n.index, 7)
match n:
    case [a, *rest]:
        print("sequence", a, rest)


class Lower(ca.MutableMapping):
    def __init__(self, *a, **k):
        self.d = {}
        self.update(*a, **k)

    def __getitem__(self, k): return self.d[k.lower()]
    def __setitem__(self, k, v): self.d[k.lower()] = v
    def __delitem__(self, k): del self.d[k.lower()]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)


m = Lower({"A": 1}, B=2)
print(dict(m), "a" in m, m.get("C", 3), m.pop("A"), m.setdefault("D", 4), m.popitem(), list(m.keys()), list(m.items()), len(m.keys()),
      m == {"d": 4}, ("d", 4) in m.items(), 4 in m.values(), m.keys() & {"d", "x"}, m.items() | {1})
attempt(m.pop, "none")
match m:
    case {"d": four}:
        print("mapping", four)


class Bag(ca.MutableSet):
    def __init__(self, it=()): self.l = list(dict.fromkeys(it))
    def __contains__(self, x): return x in self.l
    def __iter__(self): return iter(self.l)
    def __len__(self): return len(self.l)
    def add(self, x): self.l.append(x) if x not in self.l else None
    def discard(self, x): self.l.remove(x) if x in self.l else None
    def __repr__(self): return f"Bag({self.l})"


b = Bag("abc")
print(b | {"d"}, b & {"a", "z"}, b - {"a"}, b ^ {"a", "q"}, {"x"} | b, b <= set("abcd"), b < set("abc"), b == set("abc"),
      b.isdisjoint("xy"), b._hash() == hash(frozenset("abc")))
b |= {"z"}
b -= {"a"}
b ^= {"b", "y"}
b.remove("c")
print(b, b.pop(), b)
attempt(b.remove, "none")


class Items(ca.MutableSequence):
    def __init__(self): self.l = []
    def __getitem__(self, i): return self.l[i]
    def __setitem__(self, i, v): self.l[i] = v
    def __delitem__(self, i): del self.l[i]
    def __len__(self): return len(self.l)
    def insert(self, i, v): self.l.insert(i, v)


i = Items()
i.append(1)
i.extend([2, 3])
i += [4]
i.reverse()
i.remove(2)
print(list(i), i.pop(), list(i))
i.clear()
print(len(i), ca.Callable[[int], str], ca.Iterable[int], ca.Callable[..., int], ca.Callable[[], None].__args__)
attempt(ca.Callable.__class_getitem__, int)
attempt(ca.Sized)

# types
print(sorted(types.__all__))
print(types.FunctionType.__name__, types.SimpleNamespace(a=1), types.NoneType, types.MappingProxyType({"a": 1}), types.MethodType)
made = types.new_class("Made", (ABC,), {}, lambda ns: ns.update(x=1))
print(made, made.x, type(made))
print(types.resolve_bases((int, list[int])), types.prepare_class("X", (ABC,))[0])


class Dynamic:
    @types.DynamicClassAttribute
    def value(self):
        "its doc"
        return 5


print(Dynamic().value)
attempt(getattr, Dynamic, "value")


@types.coroutine
def waits():
    got = yield 1
    return got


async def uses():
    return await waits()


c = uses()
print(c.send(None))
try:
    c.send("value")
except StopIteration as e:
    print(e.value)
