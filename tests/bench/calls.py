def keywords(a, b=2, *, c=3, d=4):
    return a + b + c + d


def variadic(*args, **kwargs):
    return len(args) + len(kwargs)


def identity(x):
    return x


def run(n):
    total = 0
    for i in range(n):
        total += keywords(i, c=5)
        total += variadic(i, i, key=i)
        total += len([identity(i), abs(-i), max(i, 3)])
        total += isinstance(i, int)
        total += sum(map(identity, (1, 2, 3)))
    return total


print(run(250_000))
