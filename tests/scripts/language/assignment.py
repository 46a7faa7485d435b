a = b = [1]
a.append(2)
print(a, b, a is b)
x, y = 1, 2
x, y = y, x
print(x, y)
x, y, z = "abc"
x, y, z = z, x, y
print(x, y, z)
first, *rest = range(5)
print(first, rest)
*init, last = "xyz"
print(init, last)
p, (q, *r), s = 1, (2, 3, 4), 5
print(p, q, r, s)
[m, n] = {1: "a", 2: "b"}
print(m, n)
(k) = 7
k, = [8]
print(k)
c = (1, 2) if k else (3, 4)
u, v = (1, 2) if not k else (3, 4)
print(c, u, v)


class Box:
    pass


box = Box()
box.items = {}
box.items["k"], box.n = 1, 2
print(box.items, box.n)
i = 0
seq = [10, 20, 30]
i, seq[i] = 2, 99
print(i, seq)
seq[1:2] = ["p", "q"]
print(seq)
seq[::2] = [0, 0]
print(seq)
for value in (1, 2), (3, 4):
    g, h = value
    print(g + h)
try:
    a, b = 1, 2, 3
except ValueError as e:
    print(e)
try:
    a, b, *c = [1]
except ValueError as e:
    print(e)
try:
    a, b = 5
except TypeError as e:
    print(e)
# A failed unpacking leaves the rest of the stack alone.
for i in [1, 2]:
    for j in "ab":
        for text in "a, = 1, 2", "a, = [1, 2]", "a, b = 'xyz'", "a, *b = ()", "a, *b, c, d = 'xy'", "a, b, c = iter('ab')":
            try: exec(text)
            except ValueError as e: print(i, j, text, e)
    try: a, = iter((i, i))
    except ValueError as e: print(e)
