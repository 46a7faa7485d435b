def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    """Doc."""
    return a, b, c, args, d, e, kw


print(f(1, d=4))
print(f(1, 2, 3, 4, 5, d=6, e=7, g=8))
print(f(*[1, 2], **{"d": 3, "z": 9}))
print(f(*"ab", *"cd", d=1, **{"x": 1}, **{"y": 2}, q=3))
print(f.__name__, f.__doc__, f.__defaults__, f.__kwdefaults__)
for call in (lambda: f(), lambda: f(1), lambda: f(a=1, d=2), lambda: f(1, d=1, **{"d": 2})):
    try:
        call()
    except TypeError as e:
        print(e)


def g(x, y):
    return x - y


for call in (lambda: g(1), lambda: g(1, 2, 3), lambda: g(1, x=2), lambda: g(1, z=2), lambda: g()):
    try:
        call()
    except TypeError as e:
        print(e)


def counter(start=[]):
    start.append(len(start))
    return start


print(counter(), counter(), counter([9]))


def outer():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n

    return inc, get


inc, get = outer()
inc(), inc(5)
print(get(), inc.__closure__ is not None, inc.__code__.co_freevars)
fs = [lambda i=i: i * i for i in range(4)]
gs = [lambda: i for i in range(4)]
print([f() for f in fs], [g() for g in gs])


def deco(arg):
    print("deco", arg)

    def wrap(fn):
        print("wrap", fn.__name__)

        def inner(*a, **k):
            return arg, fn(*a, **k)

        return inner

    return wrap


@deco(1)
@deco(2)
def h(x):
    return x


print(h(3))
total = 0


def use_global():
    global total, fresh
    total += 5
    fresh = "new"


use_global()
print(total, fresh)
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))


def annotated(a: int, *b: str, c: "x" = 1, **d: float) -> list:
    local: int = 5
    other: undefined_name
    return local


print(annotated(1), annotated.__annotations__)


def many(*a, **k):
    return len(a), len(k)


print(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
           32, 33, 34, k1=1, k2=2))


def recurse(n):
    return 1 if n == 0 else n * recurse(n - 1)


print(recurse(30))


def unbound():
    print(v)
    v = 1


try:
    unbound()
except UnboundLocalError as e:
    print(e)


def free():
    def inner():
        return later

    try:
        inner()
    except NameError as e:
        print(e)
    later = 1
    return inner()


print(free())
print(outer.__qualname__, inc.__qualname__, fs[0].__qualname__)
