x = 1


def a():
    x = 2

    def b():
        global x
        x = 3

        def c():
            return x

        return c()

    return x, b()


print(a(), x)


def make():
    n = 0

    class K:
        n = 10

        def get(self):
            return n

        def set(self, v):
            nonlocal n
            n = v

    return K, lambda: n


K, n = make()
k = K()
k.set(5)
print(k.get(), K.n, n())


def args(a, b):
    def inner():
        nonlocal a
        a += b
        return a

    inner()
    return a, b


print(args(1, 2))


def loop():
    fs = []
    for i in range(3):
        def f():
            return i
        fs.append(f)
    return [f() for f in fs]


print(loop())


def deleted():
    v = 1

    def g():
        return v

    del v
    try:
        g()
    except NameError as e:
        return str(e)


print(deleted())


def shadow():
    len = lambda x: "shadow"
    return len([1])


print(shadow(), len([1]))
y = 5


class C:
    y = y
    z = [y for _ in range(2)]


print(C.y, C.z)


def walrus():
    if any((hit := v) > 2 for v in (1, 2, 3, 4)):
        return hit


print(walrus())


def deep():
    a = 1

    def f():
        def g():
            def h():
                nonlocal a
                a += 1
                return a
            return h
        return g()
    return f()() + a


print(deep())
print(sorted(locals().keys() & {"x", "K", "k", "C"}), "x" in globals())
exec("q = 1; print(q + x)")
ns = {}
exec("def f(): return 7\nv = [i for i in range(3)]", ns)
print(ns["f"](), ns["v"], eval("a + b", {"a": 1, "b": 2}), eval(" 1 + 1 "))


def loc(p, q=2):
    r = p + q
    return locals()


print(loc(1))
