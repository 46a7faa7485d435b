import operator as op


def show(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


for name in "add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor lt le eq ne gt ge is_ is_not".split():
    print(name, show(getattr(op, name), 13, 3))
for name in "neg pos invert inv not_ truth index abs".split():
    print(name, show(getattr(op, name), 7), show(getattr(op, name), 0))
a = [1]
print(op.iadd(a, [2]) is a, a, op.imul(3, 4), op.iand(6, 3), op.ior({1}, {2}))
d = {"x": 1}
op.setitem(d, "y", 2)
op.delitem(d, "x")
print(d, op.getitem(d, "y"), op.contains(d, "y"), op.countOf([1, 2, 1], 1), op.indexOf("abc", "c"), show(op.indexOf, [], 1))
print(op.concat([1], [2]), show(op.concat, 1, 2), op.call(max, 1, 2), show(op.index, 1.5))


class P:
    def __init__(self, **k):
        self.__dict__.update(k)

    def m(self, *a, **k):
        return a, k


p = P(a=P(b=3), c=4)
print(op.itemgetter(1)([5, 6]), op.itemgetter(0, -1)("abc"), op.itemgetter("k")({"k": 1}), show(op.itemgetter(5), []))
print(op.attrgetter("c")(p), op.attrgetter("a.b", "c")(p), show(op.attrgetter("z"), p), show(op.attrgetter, 1))
print(op.methodcaller("m", 1, k=2)(p), op.methodcaller("upper")("x"), op.itemgetter(1, "a"), op.attrgetter("a", "b"))
print(sorted([(2, "b"), (1, "c"), (3, "a")], key=op.itemgetter(1)))
