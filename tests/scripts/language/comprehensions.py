print([x for x in range(5) if x % 2], {x % 3 for x in range(9)}, {k: v for k, v in zip("ab", (1, 2))})
print([[y for y in range(x)] for x in range(4)])
print([(x, y) for x in "ab" if x for y in "cd" if y != "c" if x])
x = "outer"
print([x for x in range(2)], x)
print([(lambda: i)() for i in range(3)])
print([z for y in [1, 2] for z in [y * 10]])
print({**{"a": 1}, "b": 2, **{"a": 3}}, [*range(3), *"ab"], {*[1, 2], 3}, (*[1], 2))
print((y := 5) + y, [last := n for n in range(3)], last)
print([a for a, *b in [(1, 2), (3,)]], [b for a, *b in [(1, 2), (3,)]])


def f(n):
    k = 3
    return [[k * i + j + n for j in range(2)] for i in range(2)]


print(f(100))


class C:
    vals = [1, 2]
    out = [v + 1 for v in vals]


print(C.out)
print([i for i in range(20) if i > 5 if i < 9], [i if i > 1 else -i for i in range(4)])
print({n: [m for m in range(n)] for n in range(3)}, any(n > 1 for n in range(3)), dict((i, i) for i in range(2)))
