import functools as ft
import operator


def show(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


print(ft.reduce(operator.add, [1, 2, 3]), ft.reduce(operator.add, [], 5), show(ft.reduce, operator.add, []), ft.reduce(lambda a, b: a + [b], "xy", []))


def f(*args, **kwargs):
    return args, kwargs


p = ft.partial(f, 1, k=2)
print(p(3, j=4), p(k=5), ft.partial(p, 9, z=1)(), p.args, p.keywords, p.func is f, show(ft.partial, 5))
print(ft.partial(int, "10", base=2), ft.partial(int, base=2)("101"))


def deco(g):
    @ft.wraps(g)
    def inner(*a):
        "inner's"
        return g(*a)

    return inner


@deco
def documented(x: int):
    "documented's"
    return x


print(documented.__name__, documented.__doc__, documented.__annotations__, documented.__wrapped__(3), documented(4))
calls = []


@ft.lru_cache(maxsize=2)
def square(x, y=0):
    calls.append(x)
    return x * x + y


print([square(n) for n in (1, 2, 1, 3, 2, 1)], calls, square.cache_info(), square(3, y=1), square.cache_info().hits)
square.cache_clear()
print(square.cache_info(), square.__name__, square.cache_parameters())


@ft.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info(), show(fib, []))


@ft.lru_cache(typed=True)
def typed(x):
    return type(x).__name__


print(typed(1), typed(1.0), typed.cache_info())


class C:
    def __init__(self, n):
        self.n = n
        self.computed = 0

    @ft.cached_property
    def value(self):
        "doc"
        self.computed += 1
        return self.n * 2


c = C(4)
print(c.value, c.value, c.computed, c.__dict__, C.value.__doc__)
del c.value
print(c.value, c.computed)
print(sorted([3, 1, 2], key=ft.cmp_to_key(lambda a, b: b - a)))

for root in ("__lt__", "__le__", "__gt__", "__ge__"):
    op = getattr(operator, root.strip("_"))
    body = {"__init__": lambda self, n: setattr(self, "n", n), "__eq__": lambda self, o: self.n == o.n,
            root: lambda self, o, op=op: op(self.n, o.n) if isinstance(o, type(self)) else NotImplemented}
    V = ft.total_ordering(type("V", (), body))
    print(root, [[V(a) < V(b), V(a) <= V(b), V(a) > V(b), V(a) >= V(b)] for a, b in ((1, 2), (2, 1), (1, 1))], show(lambda: V(1) >= 5))
print(show(ft.total_ordering, type("N", (), {})))
for make in (lambda: ft.partial(max, 1, key=abs), lambda: ft.partial(ft.partial(f, 1), 2, a=3)):
    p = make()
    print(p.args, p.keywords, p.__reduce__()[2][1:], show(p, 5, key=abs))
for a in ((), (1,)):
    print(show(ft.partial, *a), show(ft.reduce, *a), show(ft.cmp_to_key, *a[1:]))
print(show(ft.partial(f).__setstate__, (f, [], {}, {})), show(ft.lru_cache, "a"))


@ft.lru_cache(2, typed=True)
def typed(x, **k):
    return type(x), k


print(typed(1), typed(1.0), typed(1), typed(1, k=2), typed.cache_info(), typed.cache_parameters(), typed.__wrapped__(3), typed.__name__)


class Cell:
    def __init__(self):
        self.value = None

    def set(self, value, *, note=None):
        self.value = value, note
        return self.value

    on = ft.partialmethod(set, True)
    noted = ft.partialmethod(on, note="n")
    made = ft.partialmethod(classmethod(lambda cls, *a: (cls.__name__, a)), 1)

    @ft.singledispatchmethod
    def kind(self, x):
        return "any"

    @kind.register
    def _(self, x: int):
        return "int"


c = Cell()
print(c.on(), c.noted(), c.on(note=2), Cell.on(c), c.made(2), Cell.made(3), c.kind("a"), c.kind(True), show(ft.partialmethod, 1))


@ft.singledispatch
def kind(x, *more):
    return "any", more


@kind.register(list)
@kind.register(tuple)
def _(x, *more):
    return "row", more


@kind.register
def _(x: int | str):
    return "atom"


class Row(list):
    pass


print(kind(1.5, 2), kind([]), kind(Row(), 1), kind((1,)), kind(True), kind("s"), kind.dispatch(Row) is kind.dispatch(list), len(kind.registry), show(kind))
print(show(kind.register, lambda x: 1)[:50], show(kind.register, 5, max))
