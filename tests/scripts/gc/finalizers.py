import gc

gc.disable()
gc.collect()


class Lazarus:
    def __del__(self):
        print("del", self.name)
        saved.append(self)


def pair(a, b):
    x, y = Lazarus(), Lazarus()
    x.name, y.name = a, b
    x.other, y.other = y, x


saved = []
pair("a", "b")
print(gc.collect() > 0, len(saved))
print(sorted(s.name for s in saved), saved[0].other.other is saved[0])
print(gc.is_finalized(saved[0]))
saved.clear()
print(gc.collect() > 0, len(saved))  # finalizers run once

one = Lazarus()
one.name = "alone"
del one
print(len(saved))
saved.clear()
print(len(saved))


class Raises:
    def __del__(self):
        self.me = None
        order.append("ran")


order = []
r = Raises()
r.me = r
del r
gc.collect()
print(order)


def g():
    try:
        yield 1
    finally:
        print("closed")


def generator_cycle():
    i = g()
    next(i)
    box = [i]
    box.append(box)


generator_cycle()
print(gc.collect() > 0)


def generator_self():
    def loop():
        try:
            yield me
        finally:
            print("closed itself")

    me = loop()
    next(me)


generator_self()
print(gc.collect() > 0)


class Chain:
    def __del__(self):
        gc.collect()  # no collection within a collection
        order.append("chain")


c = Chain()
c.me = c
del c
gc.collect()
print(order)
