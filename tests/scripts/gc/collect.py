import gc

gc.disable()
gc.collect()


class Node:
    def __init__(self, name):
        self.name = name


class Final(Node):
    def __del__(self):
        print("del", self.name)


def cycle(cls, *names):
    nodes = [cls(name) for name in names]
    for a, b in zip(nodes, nodes[1:] + nodes[:1]):
        a.next = b
    return nodes[0]


cycle(Node, "a", "b", "c")
print(gc.collect() > 0)
cycle(Final, "x", "y")
print(gc.collect() > 0)
kept = cycle(Final, "p", "q")
print(gc.collect() > 0)
del kept
print(gc.collect() > 0)

# Each kind of container in a cycle with an instance.
log = []


class Probe:
    def __del__(self):
        log.append(self.kind)


def probe(kind):
    p = Probe()
    p.kind = kind
    return p


def closure():
    p = probe("closure")

    def f():
        return p, f

    p.f = f


def generator():
    p = probe("generator")

    def g():
        held = p
        yield held
        yield g

    p.g = g()
    next(p.g)


def frame():
    import sys

    p = probe("frame")
    p.frame = sys._getframe()


def traceback():
    p = probe("traceback")
    try:
        raise ValueError(p)
    except ValueError as e:
        p.error = e


def method():
    p = probe("method")
    p.method = p.__init__
    p.bound = p.__class__.__del__.__get__(p)


def klass():
    p = probe("class")

    class Local:
        held = p

    p.cls = Local


def prop():
    p = probe("property")
    p.property = property(lambda self: p)


def containers():
    p = probe("dict")
    p.it = {"a": p}
    p = probe("list")
    p.it = [p]
    p = probe("tuple")
    p.it = (p, (p,))
    p = probe("set")
    p.it = {p}
    p = probe("frozenset")
    p.it = frozenset([p])
    p = probe("slice")
    p.it = slice(p)
    p = probe("map")
    p.it = map(len, [p])
    p = probe("zip")
    p.it = zip([p], [p])
    p = probe("filter")
    p.it = filter(None, [p])
    p = probe("enumerate")
    p.it = enumerate([p])
    p = probe("reversed")
    p.it = reversed([p])
    p = probe("list iterator")
    p.it = iter([p])
    p = probe("dict view")
    p.it = {p: 1}.items()
    p = probe("dict iterator")
    p.it = iter({p: 1}.values())
    p = probe("callable iterator")
    p.it = iter(lambda: p, 1)
    p = probe("super")
    p.it = super(Probe, p)
    p = probe("builtin method")
    p.it = [p].append


def coroutine():
    p = probe("coroutine")

    class Wait:
        def __await__(self):
            yield self

    async def c():
        held = p
        await Wait()
        return held

    p.c = c()
    p.c.send(None)


class Slotted:
    __slots__ = ("me", "name")

    def __del__(self):
        log.append("slots")


def slots():
    s = Slotted()
    s.me = s


def metaclass():
    class Meta(type):
        def __del__(cls):
            log.append("metaclass")

    class Made(metaclass=Meta):
        pass

    Made.me = Made


for make in closure, generator, frame, traceback, method, klass, prop, containers, coroutine, slots, metaclass:
    make()
    before = len(log)
    gc.collect()
    print(make.__name__, sorted(log[before:]))
gc.collect()
print(gc.garbage)
