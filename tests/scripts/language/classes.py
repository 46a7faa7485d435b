class Base:
    """A base."""

    shared = []
    count: int = 0
    later: str

    def __init__(self, name):
        self.name = name
        self.__secret = name * 2

    def hello(self):
        return f"hello {self.name}"

    def secret(self):
        return self.__secret

    @staticmethod
    def st(x):
        return x + 1

    @classmethod
    def make(cls, *args):
        return cls(*args)

    @property
    def upper(self):
        return self.name.upper()

    @upper.setter
    def upper(self, value):
        self.name = value.lower()


class Child(Base):
    def __init__(self, name, extra):
        super().__init__(name)
        self.extra = extra

    def hello(self):
        return super().hello() + "!" + __class__.__name__


c = Child.make("bob", 1)
print(c.hello(), c.secret(), c.upper, Base.st(4), c._Base__secret)
c.upper = "ANN"
print(c.name, isinstance(c, Base), issubclass(Child, Base), Base.__doc__, Base.__annotations__)
print(Child.__mro__ == (Child, Base, object), Child.__qualname__, Child.__module__)


class Left(Base):
    def hello(self):
        return "left " + super().hello()


class Right(Base):
    def hello(self):
        return "right " + super().hello()


class Both(Left, Right):
    pass


print(Both("x").hello(), [k.__name__ for k in Both.__mro__])


class Meta(type):
    def __new__(mcls, name, bases, ns, tag=None):
        cls = super().__new__(mcls, name, bases, ns)
        cls.tag = tag
        return cls

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    def __call__(cls, *a):
        return ("called", super().__call__(*a).v)


class WithMeta(metaclass=Meta, tag="t"):
    def __init__(self, v):
        self.v = v


print(WithMeta(3), WithMeta.tag, type(WithMeta).__name__)


class Hook:
    subs = []

    def __init_subclass__(cls, **kw):
        Hook.subs.append((cls.__name__, kw))

    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


class Sub(Hook, a=1):
    pass


print(Hook.subs, Hook[3])
x = "global"


def scope():
    x = "function"

    class K:
        print(x)
        x = "class"
        print(x)

        def m(self):
            return x

        y = [x for _ in range(1)]

    return K


K = scope()
print(K().m(), K.y, K.x)


class Num:
    def __init__(self, v): self.v = v
    def __add__(self, o): return Num(self.v + (o.v if isinstance(o, Num) else o))
    def __radd__(self, o): return Num(o + self.v)
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
    def __hash__(self): return hash(self.v)
    def __repr__(self): return f"Num({self.v})"
    def __len__(self): return self.v
    def __getitem__(self, k): return k
    def __contains__(self, k): return k == self.v
    def __call__(self, *a): return a
    def __bool__(self): return self.v > 0
    def __getattr__(self, name): return "attr " + name


n = Num(3)
print(n + 1, 1 + n, n == Num(3), n < Num(4), len(n), n[1:2], n[1, ...], 3 in n, n(1, 2), bool(Num(0)), n.foo, sum([n, n], Num(0)))


class Slots:
    __slots__ = ("a", "b")


s = Slots()
s.a = 1
print(s.a)
try:
    s.c = 1
except AttributeError as e:
    print(e)


@lambda cls: (cls.__name__, cls)
class Decorated:
    pass


print(Decorated[0])
