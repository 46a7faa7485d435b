import gc

print(gc.get_threshold(), gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.enable()
gc.set_threshold(500, 5)
print(gc.get_threshold())
gc.set_threshold(700, 10, 10)
print(len(gc.get_count()), all(n >= 0 for n in gc.get_count()))
for bad in (-1, 3):
    try:
        gc.collect(bad)
    except ValueError as e:
        print(e)
for bad in (-2, 3):
    try:
        gc.get_objects(generation=bad)
    except ValueError as e:
        print(e)
print([type(gc.collect(i)) for i in range(3)])


class A:
    pass


a = A()
a.x = [a]
print(gc.is_tracked(a), gc.is_tracked(1), gc.is_tracked("a"), gc.is_tracked([]), gc.is_tracked(int))
print(any(o is a for o in gc.get_objects()))
gc.collect()
print(any(o is a for o in gc.get_objects(generation=0)), any(o is a for o in gc.get_objects(generation=2)))
print(any(r is a.x for r in gc.get_referrers(a)), any(r is a for r in gc.get_referents(a.x)))
print([sorted(d) for d in gc.get_stats()])

log = []


def callback(phase, info):
    log.append((phase, sorted(info), info["generation"]))


gc.callbacks.append(callback)
gc.disable()
gc.collect(1)
gc.callbacks.remove(callback)
gc.collect()
print(log)

gc.collect()
gc.set_debug(gc.DEBUG_SAVEALL)
a.x.append(a.x)
del a
print(gc.collect() > 0, any(isinstance(o, A) for o in gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect() > 0, gc.get_debug())

gc.freeze()
print(gc.get_freeze_count() > 0, len(gc.get_objects()) < 20)
gc.unfreeze()
print(gc.get_freeze_count())


# Automatic collections keep the number of objects small.
gc.enable()


def churn():
    for _ in range(20000):
        a = A()
        a.me = a


before = len(gc.get_objects())
churn()
print(len(gc.get_objects()) - before < 10000)
