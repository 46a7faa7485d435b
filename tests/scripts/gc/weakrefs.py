import gc
import weakref
from weakref import ref

gc.disable()
gc.collect()


class Node:
    pass


def cycle():
    a, b = Node(), Node()
    a.b, b.a = b, a
    return a


log = []
a = cycle()
r = ref(a, lambda r: log.append(r() is None))
s = ref(a.b)
print(r() is a, s() is a.b)
del a
print(r() is None)
print(gc.collect() > 0, log, r(), s())

# A reference that is garbage itself is not called.
a = cycle()
a.r = ref(a, lambda r: log.append("never"))
del a
gc.collect()
print(log)


class Dying:
    def __del__(self):
        log.append(("del", self.r() is None))


d = Dying()
d.me = d
d.r = ref(d)
del d
gc.collect()
print(log)


class Hashed:
    def __init__(self, n):
        self.n = n

    def method(self):
        return self.n


values = weakref.WeakValueDictionary()
keys = weakref.WeakKeyDictionary()
members = weakref.WeakSet()
objects = [Hashed(n) for n in range(3)]
for o in objects:
    values[o.n] = o
    keys[o] = o.n
    members.add(o)
m = weakref.WeakMethod(objects[0].method)
print(m()(), len(values), len(keys), len(members), weakref.getweakrefcount(objects[1]))
print(sorted(values.keys()), sorted(keys.values()), objects[2] in members, 2 in values)
del o, objects[0]
print(m(), sorted(values), sorted(keys.values()), len(members), values.get(0), objects[0] in keys)
