class A:
    def who(self): return "A"
class B(A):
    def who(self): return "B" + super().who()
class C(A):
    def who(self): return "C" + super().who()
class D(B, C):
    def who(self): return "D" + super().who()
print(D().who(), [c.__name__ for c in D.__mro__])
print(D.__bases__, D.__base__, A.__subclasses__())
print(issubclass(D, A), issubclass(A, D), isinstance(D(), (int, C)))
try:
    class X(A, B): pass
except TypeError as e:
    print(e)
try:
    class Y(A, A): pass
except TypeError as e:
    print(e)
try:
    class Z(int, str): pass
except TypeError as e:
    print(e)
try:
    class W(bool): pass
except TypeError as e:
    print(e)
print(D.mro() == list(D.__mro__))
super_d = super(B, D())
print(super_d.who(), super_d.__thisclass__, super_d.__self_class__)
class E:
    @classmethod
    def make(cls): return cls
    @staticmethod
    def add(a, b): return a + b
class F(E):
    @classmethod
    def make(cls): return super().make()
    @staticmethod
    def add(a, b): return E.add(a, b) * 2
print(F.make(), F().make(), F.add(1, 2), F().add(3, 4))
try:
    super(B, 3)
except TypeError as e:
    print(e)
