class Counter:
    def __init__(self, step):
        self.step = step
        self.value = 0

    def bump(self):
        self.value += self.step
        return self

    def get(self):
        return self.value


def run(n):
    c = Counter(3)
    total = 0
    for _ in range(n):
        c.bump()
        total += c.bump().get()
    return total


print(run(500_000))
