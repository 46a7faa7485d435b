class Odd(Exception):
    def __init__(self, value):
        super().__init__(value)
        self.value = value


def check(i):
    if i & 1:
        raise Odd(i)
    return i


def run(n):
    total = 0
    table = {"a": 1}
    for i in range(n):
        try:
            total += check(i)
        except Odd as e:
            total -= e.value
        try:
            table["b"]
        except KeyError:
            total += 1
        try:
            total += 2
        finally:
            total += 1
    return total


print(run(250_000))
