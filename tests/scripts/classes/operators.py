import sys
class V:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"V({self.x})"
    def __add__(self, o):
        if isinstance(o, V): return V(self.x + o.x)
        return NotImplemented
    def __radd__(self, o): return V(("r", o, self.x))
    def __iadd__(self, o): self.x = ("i", self.x, o); return self
    def __neg__(self): return V(-self.x)
    def __abs__(self): return V(abs(self.x))
    def __invert__(self): return V(~self.x)
    def __pow__(self, o, mod=None): return ("pow", self.x, o, mod)
    def __rpow__(self, o): return ("rpow", o, self.x)
    def __divmod__(self, o): return ("divmod", o)
    def __rdivmod__(self, o): return ("rdivmod", o)
    def __matmul__(self, o): return ("matmul", o)
    def __lshift__(self, o): return ("lshift", o)
    def __rand__(self, o): return ("rand", o)
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __hash__(self): return hash(self.x)
    def __bool__(self): return bool(self.x)
    def __len__(self): return 7
    def __index__(self): return 3
    def __int__(self): return 30
    def __float__(self): return 1.5
    def __contains__(self, o): return o == self.x
    def __getitem__(self, k): return ("get", k)
    def __setitem__(self, k, v): print("set", k, v)
    def __delitem__(self, k): print("del", k)
    def __call__(self, *a, **k): return ("call", a, k)
    def __iter__(self): return iter([1, 2, 3])
    def __reversed__(self): return iter([3, 2, 1])
    def __format__(self, spec): return f"<{spec}>"
v = V(5)
print(v + V(1), 1 + v, -v, abs(V(-3)), ~v)
w = v; w += 9; print(w, w is v)
v = V(5)
print(v ** 2, 2 ** v, pow(v, 2, 3), divmod(v, 1), divmod(1, v), v @ 1, v << 2, 1 & v)
print(v == V(5), v != V(5), v < V(6), v > V(4), hash(v) == hash(5), bool(V(0)), len(v))
print([10, 20, 30, 40][v], int(v), float(v), 5 in v, 6 in v, 6 not in v)
print(v[1], v[1:2], v["k"], v[1, 2]); v[3] = 4; del v[5]
print(v(1, 2, a=3), list(v), list(reversed(v)), f"{v:abc}", "{:x}".format(v))
for bad in ("v + 1", "v - 1", "1 - v", "v >= 1", "v * 2", "v // v", "v >> 1", "+v", "1 @ v", "[] + v"):
    try:
        print(eval(bad))
    except TypeError as e:
        print(bad, "->", e)
class Base:
    def __add__(self, o): return "Base.add"
    def __radd__(self, o): return "Base.radd"
    def __eq__(self, o): return "Base.eq"
class Sub(Base):
    def __radd__(self, o): return "Sub.radd"
    def __eq__(self, o): return "Sub.eq"
class Same(Base): pass
print(Base() + Sub(), Base() + Same(), Base() == Sub(), Base() == Same())
for cls in (Base, Sub):
    try:
        hash(cls())
    except TypeError as e:
        print(e)
class NoCompare: pass
a, b = NoCompare(), NoCompare()
print(a == a, a == b, a != b)
try:
    a < b
except TypeError as e:
    print(e)
class Late: pass
l = Late()
try:
    len(l)
except TypeError as e:
    print(e)
Late.__len__ = lambda self: 11
print(len(l), bool(l))
class LateSub(Late): pass
Late.__add__ = lambda self, o: "late add"
print(LateSub() + 1, len(LateSub()))
del Late.__add__
try:
    LateSub() + 1
except TypeError as e:
    print(e)
class BadLen:
    def __len__(self): return -1
class BadBool:
    def __bool__(self): return 2
class BadRepr:
    def __repr__(self): return 5
class BadHash:
    def __hash__(self): return "x"
class BadIndex:
    def __index__(self): return 1.5
class BadIter:
    def __iter__(self): return 5
for f in (lambda: len(BadLen()), lambda: bool(BadBool()), lambda: repr(BadRepr()), lambda: hash(BadHash()),
          lambda: [1][BadIndex()], lambda: iter(BadIter()), lambda: iter(3), lambda: 3(), lambda: 3[0], lambda: len(3)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
class I(int):
    def __add__(self, o): return I(int.__add__(self, o) + 100)
class L(list):
    def __getitem__(self, i): return ("L", list.__getitem__(self, i))
print(I(1) + 2, type(I(1) + 2).__name__, I(3) * 2, L([1, 2])[0], len(L([1, 2])), L([1]) + [2])
