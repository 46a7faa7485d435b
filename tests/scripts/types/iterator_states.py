"""What __reduce__ says of the iterators of built-in types, and __setstate__ makes of it."""


class Sequence:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        if i < 2:
            return i
        raise IndexError

    def __repr__(self):
        return "Sequence()"


def show(it):
    for _ in range(4):
        kind, args, *state = it.__reduce__()
        print(kind.__name__, [list(a) if hasattr(a, "__next__") else a for a in args], state)
        next(it, None)


for it in (*map(iter, ([1, 2], (1, 2), "ab", b"ab", bytearray(b"ab"), Sequence())), reversed([1, 2]), reversed((1, 2)),
           enumerate("ab", 5), zip("ab", [1]), map(str, "ab"), filter(None, "ab")):
    show(it)
calls = iter([1, 2, 3])
it = iter(lambda: next(calls), 3)
print(it.__reduce__()[1][1], list(it), it.__reduce__())
for it, state in ((iter([1, 2, 3]), 2), (iter((1, 2, 3)), -5), (iter("abc"), 99), (reversed([1, 2, 3]), 1), (reversed([1, 2]), -9),
                  (reversed((1, 2, 3)), 99), (reversed((1, 2)), -9)):
    it.__setstate__(state)
    print(list(it))
print(zip([1], [2], strict=True).__reduce__()[2:])
it = zip([1, 2], [2])
it.__setstate__(True)
try:
    print(list(it))
except ValueError as e:
    print(e)
