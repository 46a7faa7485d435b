class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def m(s):
    match s:
        case 0 | 1 | -1:
            return "small"
        case 2.5 | 1 + 2j:
            return "number"
        case "a" "b":
            return "ab"
        case None:
            return "none"
        case True:
            return "true"
        case []:
            return "empty list"
        case [x]:
            return "one", x
        case [1, *rest]:
            return "from 1", rest
        case [a, [b, c], *_, d]:
            return a, b, c, d
        case (x, y) if x == y:
            return "same", x
        case [_, _]:
            return "pair"
        case {"k": v, "t": {"u": u}}:
            return "k", v, u
        case {"k": v, **rest}:
            return "rest", v, rest
        case {}:
            return "mapping"
        case Point(0, y=yy):
            return "on axis", yy
        case Point(x=1 | 2 as px, y=py):
            return px, py
        case Point():
            return "point"
        case str() as text:
            return "str " + text
        case int(n) if n > 100:
            return "big", n
        case float() | int() as num:
            return "num", num
        case other:
            return "other", type(other).__name__


for s in (0, -1, 2.5, 1 + 2j, "ab", None, True, [], [5], [1, 2, 3], [2, [3, 4], 5, 6, 7], [3, 3], [3, 4], {"k": 1, "t": {"u": 2}},
          {"k": 1, "z": 2}, {}, Point(0, 5), Point(2, 3), Point(9, 9), "text", 1000, 50, b"x", {1}, (1, 5, 6), "xy"):
    print(m(s))


def either(s):
    match s:
        case (x, "l", y) | ("r", y, x):
            return x, y
        case [[a, b] as pair, *_]:
            return a, b, pair


print(either((1, "l", 2)), either(("r", 2, 1)), either([[1, 2], 3]), either(5))
match = 3
case = 4
_ = 5
print(match, case, _, match * case)
match (1, 2):
    case (1, z): print("z", z)
match 1, 2:
    case 1, *q: print(q)


class Color:
    RED = 1
    BLUE = 2


match 2:
    case Color.RED: print("red")
    case Color.BLUE: print("blue")
match -5:
    case -5: print("minus five")
print(match[0] if isinstance(match, list) else "int")
