def count(n):
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
    return "done"


print(list(count(3)))
g = count(3)
print(next(g), g.send("x"), next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)


def delegate():
    r = yield from count(2)
    print("result", r)
    yield from "ab"
    yield from (x for x in (7, 8))


print(list(delegate()))


def catcher():
    while True:
        try:
            yield "ready"
        except ValueError as e:
            yield f"caught {e}"


c = catcher()
print(next(c), c.throw(ValueError("v")), next(c))
try:
    c.throw(KeyError("k"))
except KeyError as e:
    print("out", e)
e = (x * y for x in range(3) for y in range(x))
print(list(e), sum(i * i for i in range(5)), max((len(w), w) for w in ["a", "bbb", "cc"]))


def infinite():
    a, b = 0, 1
    while 1:
        yield a
        a, b = b, a + b


print([x for x, _ in zip(infinite(), range(12))])


def empty():
    return
    yield


print(list(empty()))


def fin():
    try:
        yield 1
    finally:
        yield 2


f = fin()
print(next(f), next(f))
lam = lambda: (yield 5)
print(list(lam()))


def two():
    x = yield
    y = yield x
    return x, y


t = two()
print(t.send(None), t.send(1))
try:
    t.send(2)
except StopIteration as e:
    print(e.value)
try:
    (x for x in [1]).send(1)
except TypeError as e:
    print(e)


def stop():
    raise StopIteration
    yield


try:
    list(stop())
except RuntimeError as e:
    print(e)
