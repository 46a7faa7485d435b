def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(source):
    for value in source:
        if value % 2 == 0:
            yield value


def chain(*sources):
    for source in sources:
        yield from source


def run(n):
    total = sum(evens(count(n)))
    total += sum(x * 2 for x in chain(count(n), count(n)) if x & 1)
    for i in range(n // 20):
        for value in count(5):
            total += value
    return total


print(run(400_000))
