def kind(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "digit"
    else:
        return "large"


print([kind(n) for n in (-1, 0, 5, 50)])
i = 0
while True:
    i += 1
    if i == 3:
        continue
    if i > 5:
        break
    print(i, end=" ")
else:
    print("never")
print()
while i > 3:
    i -= 1
else:
    print("done", i)
for x in []:
    pass
else:
    print("empty")
for x in range(3):
    for y in range(3):
        if y == 2:
            break
        if x == 1:
            continue
        print(x, y)
    else:
        print("no break")
while 0:
    print("never")
if 1: print("one-line")
if "": pass
else: print("else")
a, b, c = 1, 5, 3
print(a < b > c, a < b < c, a == 1 != b, 0 < a < 2 < b < 6)
print(a and b, 0 and b, a or b, 0 or "" or None, not a, not 0)
print("yes" if a else "no", "yes" if not a else "no")
print(a if b > 3 and c < 2 or a else "x")
print(None is None, a is not None, 1 in [1, 2], 3 not in (1, 2), "b" in "abc")


def order(tag, value):
    print(tag, end=" ")
    return value


print(order("l", 1) < order("m", 0) < order("r", 5))
print(order("t", 0) and order("u", 1) or order("v", 2))
assert a, "fine"
try:
    assert a > 1, f"a is {a}"
except AssertionError as e:
    print("assert", e)
try:
    assert not a
except AssertionError as e:
    print(repr(e))
del a, b
try:
    a
except NameError as e:
    print(e)
d = {1: 2, 3: 4}
del d[1]
l = [1, 2, 3, 4]
del l[0], l[1:]
print(d, l)
