class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Box:
    kind = "box"

    def __init__(self, a, b):
        self.a = a
        self.b = b

    @property
    def area(self):
        return (self.b.x - self.a.x) * (self.b.y - self.a.y)


def run(n):
    total = 0
    for i in range(n):
        box = Box(Point(i, i), Point(i + 3, i + 4))
        if box.kind == "box":
            total += box.area
        box.a.x = total
    return total


print(run(250_000))
