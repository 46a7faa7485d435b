# What was found once must not be taken for granted: each site runs until it is warm, then the world changes.
def warm(f, *args):
    for _ in range(40):
        result = f(*args)
    return result


# Globals and builtins
value = 1


def read_global():
    return value


print(warm(read_global))
value = 2
print(warm(read_global))
del value
try:
    warm(read_global)
except NameError as e:
    print(e)
value = 3
print(warm(read_global))


def use_builtin():
    return len("abc")


print(warm(use_builtin))
len = lambda s: "shadowed"
print(warm(use_builtin))
del len
print(warm(use_builtin))
import builtins

builtins.added = "from builtins"


def use_added():
    return added


print(warm(use_added))
builtins.added = "changed"
print(warm(use_added))
del builtins.added
try:
    warm(use_added)
except NameError as e:
    print(e)


# Attributes
class A:
    kind = "class"

    def __init__(self, n=0):
        self.n = n

    def method(self):
        return "method", self.n

    @property
    def prop(self):
        return "prop", self.n


class B:
    __slots__ = ("n", "other")
    kind = "slots"

    def method(self):
        return "B.method", self.n


def n_of(o):
    return o.n


def kind_of(o):
    return o.kind


def call(o):
    return o.method()


def prop_of(o):
    return o.prop


def store(o, v):
    o.n = v
    return o.n


def message(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


a, b = A(1), B()
print(warm(n_of, a))
del a.n
print(message(n_of, a))
a.n = 5
a.__dict__ = {"x": 1, "y": 2, "n": "new dict"}
print(warm(n_of, a))
a.__dict__[1] = "general keys"
print(warm(n_of, a), warm(store, a, 7))
print(message(n_of, b))
b.n = "slot"
print(warm(n_of, b), warm(store, b, 3))
del b.n
print(message(n_of, b), message(store, b, 4))
print(message(setattr, b, "missing", 1))

print(warm(kind_of, a))
a.kind = "instance"
print(warm(kind_of, a))
del a.kind
A.kind = "changed"
print(warm(kind_of, a))
del A.kind
print(message(kind_of, a))
A.kind = property(lambda self: "data descriptor")
a.__dict__["kind"] = "hidden"
print(warm(kind_of, a))
A.kind = "plain again"
print(warm(kind_of, a))

a = A(1)
print(warm(call, a))
a.method = lambda: "own"
print(warm(call, a))
del a.method
A.method = lambda self: "replaced"
print(warm(call, a))
A.method = staticmethod(lambda: "static")
print(warm(call, a))
A.method = classmethod(lambda cls: cls.__name__)
print(warm(call, a))
del A.method
print(message(call, a))
b.n = 1
print(warm(call, b))
for o in (a, b, A, B, 1, "s"):
    print(message(kind_of, o))

print(warm(prop_of, a))
A.prop = property(lambda self: "another")
print(warm(prop_of, a))
A.__dict__["prop"].__init__(lambda self: "initialised again")
print(warm(prop_of, a))
A.__dict__["prop"].__init__(None)
try:
    prop_of(a)
except AttributeError:
    print("no getter")


class C(A):
    pass


c = C(9)
print(warm(n_of, c), warm(kind_of, c))
C.kind = "C's"
print(warm(kind_of, c))


class D(C):
    def __getattr__(self, name):
        return "getattr " + name


c.__class__ = D
print(warm(n_of, c), warm(kind_of, c), warm(lambda o: o.nothing, c))
D.__getattribute__ = lambda self, name: "getattribute " + name
print(warm(n_of, c))
del D.__getattribute__
D.__setattr__ = lambda self, name, value: None
print(warm(store, c, 77))
del D.__setattr__
print(warm(store, c, 78))

# A class's own attributes
print(warm(lambda: C.kind))
C.kind = "newer"
print(warm(lambda: C.kind))


def class_kind(cls):
    return cls.kind


print(warm(class_kind, C))
C.kind = "newest"
print(warm(class_kind, C), warm(class_kind, B), message(class_kind, int))


# Calls
def make(cls, *args):
    return cls(1) if not args else cls()


print(warm(make, A).n)
A.__init__ = lambda self, n: setattr(self, "n", n * 2)
print(warm(make, A).n)
A.__init__ = lambda self, a, b: None
print(message(make, A)[0])


def init(self, n):
    self.n = n


def other_init(self, n, *rest, **more):
    self.n = "code changed"


A.__init__ = init
print(warm(make, A).n)
init.__code__ = other_init.__code__
print(warm(make, A).n)
A.__init__ = lambda self, n: 5
print(message(make, A))
A.__new__ = lambda cls, n: "new"
print(warm(make, A))


def add(x, y):
    return x + y


def call_add(x, y):
    return add(x, y)


print(warm(call_add, 1, 2))
add.__code__ = (lambda x, y: x * y + 1).__code__
print(warm(call_add, 3, 4))
add.__code__ = (lambda x, y, z: 0).__code__
print(message(call_add, 3, 4))
add.__defaults__ = (5,)
print(warm(call_add, 3, 4))


# Operators of changing types
def plus(x, y):
    return x + y, x < y, x == y, x != y


for pair in ((1, 2), (1.5, 2.5), ("a", "b"), (1, 2.5), ([1], [2]), (2**62, 2**62), (2**63 - 1, 1), (-(2**63), -1), (True, 2), ((), ())):
    print(warm(plus, *pair))


def arithmetic(x, y):
    return [message(f, x, y) for f in (
        lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x // y, lambda x, y: x % y, lambda x, y: x & y,
        lambda x, y: x | y, lambda x, y: x ^ y, lambda x, y: x << y, lambda x, y: x >> y, lambda x, y: x / y, lambda x, y: x**y)]


for x in (0, 1, -1, 7, -7, 1023, 1024, -5, -6, 2**31, 2**62, -(2**62), 2**63 - 1, -(2**63), 2**64):
    for y in (0, 1, -1, 2, 3, -3, 62, 63):
        print(x, y, arithmetic(x, y))
for x in (0.0, -0.0, 1.5, -2.5, float("inf"), float("nan")):
    for y in (0.0, -0.0, 2.0, float("nan")):
        print(x, y, plus(x, y), arithmetic(x, y)[:2], x > y, x >= y, x <= y)


# Numbers that are held elsewhere keep their value
def keep(n):
    big = n + 5000
    held = [big]
    big += 1
    big = big * 2
    f = n + 0.5
    g = f
    f *= 2.0
    f = f - g - g + f
    return held, big, f, g


print(warm(keep, 10))


# Subscripts
def item(o, k):
    return o[k]


for o, k in (([1, 2], 1), ([1, 2], -1), ([1, 2], 2), ([1, 2], -3), ((1, 2), -2), ((1,), 1), ("añ€😀", 3), ("añ€😀", 1), ("ab", -3),
             ({"a": 1}, "a"), ({"a": 1}, "b"), ([1], True), ([1], 2**70), ([1], None), (b"ab", 1)):
    print(message(item, o, k))


def put(o, k, v):
    o[k] = v
    return o


for o, k in (([1, 2], 1), ([1, 2], -2), ([1, 2], 5), ({}, 1), ((1,), 0), ([1, 2], slice(0, 1))):
    print(message(put, o, k, "v"))


class Spiteful:
    def __del__(self):
        held.clear()


held = [Spiteful(), 1]
held[0] = "replaced"
print(held)


# Loops
def total(it):
    s = 0
    for i in it:
        s += i
    return s


print([warm(total, it) for it in (range(5), range(10, 0, -3), [1, 2, 3], (4, 5), {7: 1}, range(2**63 - 3, 2**63 - 1), range(2**64, 2**64 + 2))])
growing = [1]
for i in growing:
    if i < 5:
        growing.append(i + 1)
print(growing)
r = iter(range(3))
print(next(r), total(r), total(r))

# A comparison's result that is used as a value and as a condition
for x, y in ((1, 2), (2, 1), ("a", "a"), (1.0, 1.0)):
    z = x < y
    print(z, "yes" if x < y else "no", x not in (y,), not x < y, x < y < 3 if isinstance(x, int) else None)
