# range: lengths, items, slices, membership, comparison, big numbers, iterators.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


big = 10**30
rs = [range(0), range(5), range(-3), range(2, 7), range(7, 2), range(0, 10, 3), range(10, 0, -3), range(0, -5, -1), range(5, 5), range(big, big + 3),
      range(-big, big, big), range(big, -big, -big), range(2**63 - 2, 2**63 + 2), range(-2**63, -2**63 + 2), range(0, 2**64, 2**62), range(True, 5)]
for r in rs:
    print(r, list(r), list(reversed(r)), bool(r), r.start, r.stop, r.step, hash(r) == hash(range(r.start, r.stop, r.step)))
    t(lambda: len(r))
    for i in [0, 1, -1, 2, 100, -100, big]:
        t(lambda: r[i])
    for s in [slice(None), slice(1, None), slice(None, None, -1), slice(-2, None), slice(1, 100, 2), slice(None, None, 2)]:
        print(r[s], list(r[s]))
    for v in [0, 3, -1, 2.0, 2.5, 'a', None, big, True, 2**63]:
        t(lambda: (v in r, r.count(v)))
        t(lambda: r.index(v))
print(range(0) == range(2, 1), range(0, 3, 2) == range(0, 4, 2), range(1, 2, 5) == range(1, 2), range(3) != range(4), range(3) == [0, 1, 2])
print({range(3): 1}[range(0, 3, 1)], hash(range(0)) == hash(range(5, 1)))
t(lambda: range())
t(lambda: range(1, 2, 3, 4))
t(lambda: range(1, 2, 0))
t(lambda: range(1.5))
t(lambda: range('a'))
t(lambda: range(5)['a'])
t(lambda: range(3) < range(4))
t(lambda: range(5).start.__add__(1))
t(lambda: len(range(2**63)))
t(lambda: len(range(2**63 - 1)))
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), list(it), next(it, None))
it = iter(range(big, big + 2))
print(next(it), it.__length_hint__(), list(it), list(it))
print(sum(range(1000)), max(range(5)), min(range(5, 0, -1)), [*range(3)], sorted(range(5), reverse=True), list(map(str, range(3))))
for i in range(2**63 - 3, 2**63 - 1):
    print(i)
for i in range(-2**63 + 1, -2**63 - 2, -1):
    print(i)
