class A:
    "doc of A"
    def __init__(self, x, *, y=2): self.x, self.y = x, y
print(A.__doc__, A.__name__, A.__qualname__, A.__module__, A(1).x, A(1, y=5).y)
for f in (lambda: A(), lambda: A(1, 2), lambda: A(1, z=3), lambda: object(1), lambda: type("X"[0:0]), lambda: type(1, 2), lambda: type("X", (), 5), lambda: type(3, (), {})):
    try:
        f(); print("fine")
    except TypeError as e:
        print(e)
class Empty: pass
for f in (lambda: Empty(1), lambda: Empty(a=1), lambda: Empty.__init__(Empty(), 1), lambda: object.__new__(Empty, 1), lambda: object.__new__(3), lambda: int.__new__(str), lambda: object.__new__(int)):
    try:
        f(); print("fine")
    except TypeError as e:
        print(e)
class N:
    def __new__(cls, *args):
        print("new", cls.__name__, args)
        self = super().__new__(cls)
        self.args = args
        return self
    def __init__(self, *args): print("init", args)
print(N(1, 2).args)
class Other:
    def __new__(cls): return 5
    def __init__(self): print("never")
print(Other())
class BadInit:
    def __init__(self): return 1
try:
    BadInit()
except TypeError as e:
    print(e)
T = type("T", (A,), {"z": 3, "m": lambda self: self.x})
t = T(4); print(t.m(), t.z, T.__name__, T.__bases__, T.__qualname__)
class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        print("meta new", name, [b.__name__ for b in bases], kw)
        return super().__new__(mcls, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): super().__init__(name, bases, ns)
    def __call__(cls, *a): print("meta call", a); return super().__call__(*a)
    @classmethod
    def __prepare__(mcls, name, bases, **kw): print("prepare", name, kw); return {"prepared": 1}
    def __instancecheck__(cls, o): return o == "magic"
    def __subclasscheck__(cls, c): return c is int
    @property
    def prop(cls): return cls.__name__ + "!"
    def __len__(cls): return 99
    def __getattr__(cls, n): return "meta:" + n
    def __repr__(cls): return "<M " + cls.__name__ + ">"
class M(metaclass=Meta, opt=1):
    def __init__(self, v): self.v = v
print(M(3).v, M.prepared, type(M), isinstance("magic", M), isinstance(1, M), issubclass(int, M), M.prop, len(M), M.zzz, M)
class M2(M): pass
print(type(M2).__name__)
class Meta2(type): pass
try:
    class Bad(M, metaclass=Meta2): pass
except TypeError as e:
    print(e)
class Hook:
    subs = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Hook.subs.append((cls.__name__, tag))
class H1(Hook, tag="one"): pass
class H2(H1): pass
print(Hook.subs)
try:
    class H3(Hook, bad=1): pass
except TypeError as e:
    print(e)
class BadName:
    def __set_name__(self, o, n): raise ValueError("boom")
try:
    class X: attr = BadName()
except RuntimeError as e:
    print(e, repr(e.__cause__))
class S:
    __slots__ = ("a", "__b")
    def __init__(self): self.a = 1; self.__b = 2
    def b(self): return self.__b
s = S(); print(s.a, s.b(), hasattr(s, "__dict__"), S.a)
for stmt in ("s.c = 1", "del s.a; s.a", "del s.a"):
    try:
        exec(stmt)
    except AttributeError as e:
        print(e)
class S2(S): __slots__ = ("d", "__dict__")
s2 = S2(); s2.d = 4; s2.e = 5; print(s2.d, s2.e, s2.__dict__)
for body in ("__slots__ = ('a', 'a b')", "__slots__ = (3,)", "__slots__ = ('x',); x = 1", "__slots__ = ('__dict__', '__dict__')"):
    try:
        exec("class SX:\n " + body.replace("; ", "\n "))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
class D(dict):
    def __missing__(self, k): return "missing " + k
d = D(a=1); d.attr = 5; print(d["a"], d["q"], d.attr, d)
class St(str):
    def __new__(cls, v): self = super().__new__(cls, v + "!"); self.extra = 1; return self
st = St("hé"); print(st, st.extra, len(st), st.upper(), type(st).__name__, st == "hé!")
class Tu(tuple):
    def sum(self): return sum(self)
tu = Tu([1, 2, 3]); tu.q = 1; print(tu, tu.sum(), tu.q, len(tu))
class In(int): pass
z = In(0); z.tag = "zero"; b = In(2**70); b.tag = "big"; print(z, z.tag, z == 0, b, b.tag, -b, In(-5), In("12"))
class Fl(float): pass
f = Fl(1.5); f.t = 1; print(f, f.t, f + 1)
class By(bytes): pass
y = By(b"abc"); y.t = 2; print(y, y.t)
print(type(3) is int, type(type) is type, type(object), object.__base__, object.__bases__, type.__mro__)
def outer():
    class Inner:
        def m(self): pass
    return Inner
print(outer().__qualname__, outer().m.__qualname__, repr(outer()))
class Cell:
    def f(self): return __class__
print(Cell().f() is Cell)
import sys
class Del:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
x = Del(1); x = None
def scope(): y = Del(2)
scope()
keep = []
class Res:
    def __del__(self): keep.append(self)
r = Res(); r = None; print(len(keep), isinstance(keep[0], Res))
