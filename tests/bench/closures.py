def make(step):
    total = 0

    def add(n):
        nonlocal total
        total += n * step
        return total

    return add


def compose(f, g):
    return lambda x: f(g(x))


def run(n):
    add = make(3)
    both = compose(lambda x: x + 1, lambda x: x * 2)
    result = 0
    for i in range(n):
        add(i)
        result += both(i)
    return result + add(0)


print(run(800_000))
