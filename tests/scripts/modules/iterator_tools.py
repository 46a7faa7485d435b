import itertools as it


def show(f, *args, **kwargs):
    try:
        return list(f(*args, **kwargs))
    except Exception as e:
        return f"{type(e).__name__}: {e}"


print(list(it.islice(it.count(), 3)), list(it.islice(it.count(5, -2), 3)), list(it.islice(it.count(0.5, 0.5), 2)))
print(list(it.islice(it.cycle("ab"), 5)), list(it.cycle([])), list(it.repeat("x", 3)), list(it.repeat(1, 0)), list(it.islice(it.repeat(7), 2)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([])), list(it.accumulate([1, 2], initial=10)), list(it.accumulate([3, 1, 4], max)))
print(list(it.chain("ab", [1])), list(it.chain()), list(it.chain.from_iterable(["ab", "c"])), show(it.chain, 5))
print(list(it.compress("abcd", [1, 0, 1])), list(it.dropwhile(lambda x: x < 3, [1, 3, 1])), list(it.takewhile(lambda x: x < 3, [1, 3, 1])))
print(list(it.filterfalse(None, [0, 1, ""])), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.starmap(pow, [(2, 3), (3, 2)])))
for args in ((3,), (1, 3), (0, None, 2), (None,), (2, 2), (1, 7, 3), (-1,), (0, -1), (0, 3, 0), ("a",), ()):
    print(args, show(it.islice, "abcdef", *args))
source = iter(range(10))
print(list(it.islice(source, 1, 5, 3)), next(source))
print(list(it.pairwise("abc")), list(it.pairwise([])), list(it.pairwise([1])))
print(list(it.zip_longest("abc", [1], fillvalue="-")), list(it.zip_longest()), list(it.zip_longest([], [])))
a, b, c = it.tee(iter("xyz"), 3)
print(next(a), list(b), list(a), list(c), it.tee([], 0), show(it.tee, [], -1))
print([(k, list(g)) for k, g in it.groupby("aabbba")], [(k, len(list(g))) for k, g in it.groupby(range(6), lambda x: x // 4)])
groups = [(k, g) for k, g in it.groupby("aab")]
print([k for k, g in groups], [list(g) for k, g in groups][:1], list(it.groupby([])))
print(list(it.product("ab", [1, 2])), list(it.product()), list(it.product([1, 2], repeat=2)), list(it.product([], "a")), len(list(it.product("ab", repeat=3))))
for n in range(4):
    for r in range(4):
        pool = "abc"[:n]
        print(n, r, ["".join(x) for x in it.combinations(pool, r)], ["".join(x) for x in it.permutations(pool, r)],
              ["".join(x) for x in it.combinations_with_replacement(pool, r)])
print(show(it.combinations, "ab", -1), list(it.permutations([3, 1, 2])), len(list(it.permutations(range(5)))))
x = it.accumulate(it.chain([1], it.count(2)))
print(next(x), next(x), x.__reduce__()[2], it.count(3), it.count(1.5, 2), it.repeat("a", 2), repr(it.repeat([])), it.count(10**30, -1))
for f, args in ((it.count, ("a",)), (it.count, (1, 2, 3)), (it.cycle, ()), (it.cycle, (1,)), (it.repeat, ()), (it.repeat, (1, 2**70)), (it.accumulate, ()),
                (it.accumulate, ([], 1, 2)), (it.chain.from_iterable, ()), (it.compress, ("a",)), (it.compress, ("a", "b", "c")), (it.takewhile, (1,)),
                (it.starmap, (1, 2)), (it.groupby, ()), (it.islice, ("a",)), (it.pairwise, (1,)), (it.tee, ("a", "b")), (it.tee, ("a", -1)),
                (it.zip_longest, (1,)), (it.product, (1,)), (it.permutations, ("ab", "a")), (it.permutations, ("ab", -1)), (it.combinations, ("ab",)),
                (it.combinations, ("ab", "a")), (it.combinations_with_replacement, ("ab", 2**70)), (it.starmap, (max, [1]))):
    print(f.__name__, args, show(f, *args))
for f, args, kwargs in ((it.count, (), {"x": 1}), (it.repeat, (), {"x": 1}), (it.zip_longest, ("a",), {"x": 1}), (it.product, (), {"repeat": -1}),
                        (it.product, (), {"repeat": 1, "x": 1}), (it.chain, (), {"x": 1}), (it.groupby, (), {"x": 1}), (it.islice, ("a",), {"stop": 1})):
    print(f.__name__, args, kwargs, show(f, *args, **kwargs))
for make in (lambda: it.product("ab", [1]), lambda: it.permutations("abc", 2), lambda: it.combinations("abc", 2), lambda: it.combinations_with_replacement("ab", 2),
             lambda: it.combinations("a", 3), lambda: it.count(1, 2), lambda: it.repeat(1, 3)):
    x = make()
    for _ in range(3):
        kind, args, *state = x.__reduce__()
        again = kind(*args)
        if state:
            again.__setstate__(state[0])
        print(kind, args, state, list(it.islice(again, 5)), next(x, "end"))
