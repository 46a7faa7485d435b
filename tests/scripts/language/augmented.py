x = 7
x += 3; print(x)
x -= 1; print(x)
x *= 2; print(x)
x //= 4; print(x)
x **= 3; print(x)
x %= 10; print(x)
x <<= 4; print(x)
x >>= 1; print(x)
x |= 3; print(x)
x &= 6; print(x)
x ^= 5; print(x)
x /= 2; print(x)


class M:
    def __init__(self, v):
        self.v = v

    def __matmul__(self, other):
        return M((self.v, other.v))

    def __iadd__(self, other):
        self.v = ("iadd", self.v, other)
        return self


m = M(1)
m @= M(2)
print(m.v)
n = m
n += 5
print(m.v, n is m)
calls = []


def obj():
    calls.append("obj")
    return box


def key():
    calls.append("key")
    return "k"


class Box:
    pass


box = Box()
box.d = {"k": 1}
box.n = 5
obj().d[key()] += 10
obj().n -= 1
print(box.d, box.n, calls)
l = [1]
k = l
k += (2, 3)
print(l)
t = ([1],)
try:
    t[0] += [2]
except TypeError as e:
    print(e, t)
