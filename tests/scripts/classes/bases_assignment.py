def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
def setb(c, b): c.__bases__ = b
class A:
    x = 1
    def __len__(self): return 1
class B:
    x = 2
    def __len__(self): return 2
    def __add__(self, o): return 'B+'
class C(A): pass
class D(C): pass
d = D()
def look(): return d.x
for i in range(40): look()
t(lambda: (d.x, len(d), look()))
C.__bases__ = (B,)
t(lambda: (d.x, len(d), look(), d + 1)); t(lambda: D.__mro__); t(lambda: A.__subclasses__()); t(lambda: B.__subclasses__())
t(lambda: setb(C, (D,))); t(lambda: setb(C, ())); t(lambda: setb(C, A)); t(lambda: setb(C, (1,))); t(lambda: setb(C, (int,))); t(lambda: setb(int, (object,))); t(lambda: setb(C, (A, A)))
t(lambda: setb(A, (B,)))
def delb(): del C.__bases__
t(delb)
C.__bases__ = (A, B)
t(lambda: (d.x, len(d), d + 1)); t(lambda: C.__mro__)
class M(type):
    def mro(cls):
        if getattr(cls, 'bad', False): raise ValueError('no')
        return type.mro(cls)
class E(metaclass=M): pass
class F(E): pass
class G(metaclass=M): pass
class H(F): pass
H.bad = True
t(lambda: setb(F, (G,))); t(lambda: (F.__mro__, H.__mro__, F.__bases__, H.__bases__))
import gc; gc.collect()
