class A:
    x = 1
    def __init__(self): self.y = 2
    def m(self): return "m"
a = A()
print(a.x, a.y, a.__dict__, A.__dict__["x"], "m" in A.__dict__)
a.x = 5; print(a.x, A.x); del a.x; print(a.x)
for f in (lambda: a.nope, lambda: A.nope, lambda: delattr(a, "nope"), lambda: delattr(a, "x"), lambda: delattr(A, "nope"),
          lambda: setattr(1, "x", 2), lambda: setattr(int, "x", 2), lambda: (1).foo, lambda: [].append.foo, lambda: setattr(object(), "x", 1),
          lambda: getattr(a, 3), lambda: None.x, lambda: setattr([], "append", 1)):
    try:
        f(); print("no error")
    except Exception as e:
        print(type(e).__name__, e)
try:
    a.missing
except AttributeError as e:
    print(e.name, e.obj is a)
print(getattr(a, "nope", "default"), hasattr(a, "y"), hasattr(a, "nope"))
class G:
    def __getattr__(self, n):
        if n.startswith("ok"): return "got " + n
        raise AttributeError("no " + n)
    def __setattr__(self, n, v): print("set", n, v); object.__setattr__(self, n, v)
    def __delattr__(self, n): print("del", n); object.__delattr__(self, n)
g = G(); g.z = 1; print(g.z, g.okay, getattr(g, "bad", None)); del g.z
class H:
    def __getattribute__(self, n):
        if n == "magic": return 42
        return super().__getattribute__(n)
h = H(); h.q = 3; print(h.magic, h.q)
class Desc:
    def __set_name__(self, owner, name): self.name = name; print("set_name", owner.__name__, name)
    def __get__(self, obj, cls): return (self.name, obj is None, cls.__name__)
    def __set__(self, obj, v): print("desc set", v)
    def __delete__(self, obj): print("desc delete")
class NonData:
    def __get__(self, obj, cls): return "nondata"
class K:
    d = Desc(); n = NonData()
k = K(); print(k.d, K.d); k.d = 9; del k.d; print(k.n); k.n = 1; print(k.n, k.__dict__)
class P:
    def __init__(self): self._v = 0
    @property
    def v(self):
        "the v"
        return self._v
    @v.setter
    def v(self, x): self._v = x * 2
    @v.deleter
    def v(self): print("deleted")
    @property
    def ro(self): return 1
p = P(); p.v = 4; print(p.v, P.v.__doc__); del p.v
for stmt in ("p.ro = 1", "del p.ro", "p.w"):
    try:
        exec(stmt)
    except AttributeError as e:
        print(e)
print(type(P.v), type(P.__dict__["v"].fget).__name__)
print(repr(A.m)[:14], a.m.__func__ is A.m, a.m.__self__ is a, A.m.__qualname__, a.m.__name__)
print(sorted(n for n in dir(a) if not n.startswith("_")), type(A.__dict__))
a.__dict__ = {"new": 1}; print(a.new, vars(a))
class Q(A): pass
a.__class__ = Q; print(type(a), isinstance(a, Q))
for bad in (int, 5):
    try:
        a.__class__ = bad
    except TypeError as e:
        print(e)
A.late = "late"; print(Q.late, a.late); A.late = "later"; print(Q.late); del A.late; print(hasattr(Q, "late"))
Q.x = 77; print(a.x, A.x)
print((1).__add__(2), int.__add__(1, 2), [].__len__(), str.upper("x"), "abc".__contains__("b"))
print(int.__add__, [].__len__.__name__, list.append, [].append.__name__, int.real, type.__dict__["__mro__"])
for f in (lambda: int.__add__("a", 1), lambda: int.__add__(), lambda: list.append(), lambda: list.append({}, 1), lambda: int.__add__(1),
          lambda: object.__setattr__(int, "x", 1)):
    try:
        f()
    except TypeError as e:
        print(e)
