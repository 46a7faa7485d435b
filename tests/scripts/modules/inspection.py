"""inspect: what objects are, frames, signatures."""
import functools
import inspect
import sys


def attempt(call, *args, **kwargs):
    try:
        print(repr(call(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, e)


class Base:
    "  A base.\n\n    Indented.\n      More.\n    "
    slot = property(lambda self: 1)

    def method(self, a, *, b=2): ...

    @classmethod
    def of_class(cls, x): ...

    @staticmethod
    def static(y, /): ...


class Slots:
    __slots__ = "member",


def gen(): yield
async def coro(): ...
async def agen(): yield


g, c, a = gen(), coro(), agen()
things = {"module": sys, "class": Base, "function": gen, "method": Base().method, "builtin": len, "frame": inspect.currentframe(),
          "code": gen.__code__, "generator": g, "coroutine": c, "asyncgen": a, "descriptor": str.join, "wrapper": object.__init__,
          "property": Base.slot, "member": Slots.member, "partial": functools.partial(gen), "bound builtin": [].append}
tests = [name for name in ("ismodule isclass ismethod isfunction isbuiltin isframe iscode isgenerator iscoroutine isasyncgen isroutine "
                           "ismethoddescriptor isdatadescriptor ismemberdescriptor isgeneratorfunction iscoroutinefunction "
                           "isasyncgenfunction isawaitable").split()]
for name, thing in things.items():
    print(name, [test for test in tests if getattr(inspect, test)(thing)])
print(repr(inspect.getdoc(Base)), inspect.cleandoc("a\n   b\n    c\n"), inspect.getmro(bool))
print([name for name, _ in inspect.getmembers(Base, inspect.isfunction)], inspect.isfunction(inspect.getattr_static(Base, "of_class")))


# Frames
def outer(n):
    local = n + 1
    return inner(local)


def inner(value, *rest, key=None):
    frame = inspect.currentframe()
    info = inspect.getframeinfo(frame)
    print(info.function, info.lineno, info.code_context, info.index, info.positions)
    print([(f.function, f.lineno, f.code_context) for f in inspect.stack()])
    print([(f.function, f.lineno, f.index, len(f.code_context)) for f in inspect.stack(3)])
    print(inspect.getargvalues(frame)[:3], sorted(inspect.getargvalues(frame.f_back).locals.items()))
    return 1 // 0


try:
    outer(5)
except ZeroDivisionError as e:
    print([(f.function, f.lineno, f.code_context) for f in inspect.trace()])
    print([f.positions.col_offset for f in inspect.getinnerframes(e.__traceback__)])

# States
print(inspect.getgeneratorstate(g), inspect.getcoroutinestate(c))
next(g)
print(inspect.getgeneratorstate(g), inspect.getgeneratorlocals(g))
g.close()
c.close()
print(inspect.getgeneratorstate(g), inspect.getcoroutinestate(c))


# Signatures
def every(a, b: int, /, c=1, *args: str, d, e: "x" = None, **kwargs) -> list[int]: ...


class Init:
    def __init__(self, x, y=2): ...


class New:
    def __new__(cls, *args, z): ...


class Call:
    def __call__(self, q): ...


@functools.wraps(every)
def wrapper(*args): ...


for thing in (every, lambda: 0, Base().method, Base.method, Base.of_class, Base.static, Init, New, Call(), wrapper, Base):
    print(inspect.signature(thing))
s = inspect.signature(every)
print(repr(s), list(s.parameters), s.parameters["c"], repr(s.parameters["e"]), s.parameters["d"].kind, s.return_annotation)
print(repr(s.parameters["a"].kind), s.parameters["a"].kind.description, s.parameters["a"].default is inspect.Parameter.empty)
b = s.bind(1, 2, 3, 4, d=5, z=6)
print(b, b.args, b.kwargs, b.arguments)
b = s.bind_partial(1)
b.apply_defaults()
print(b)
for args, kwargs in (((), {}), ((1, 2), {}), ((1, 2), {"d": 1, "c": 2}), ((1, 2, 3), {"c": 1, "d": 2})):
    attempt(s.bind, *args, **kwargs)
attempt(inspect.signature(lambda x: 0).bind, 1, 2)
attempt(inspect.signature(lambda x: 0).bind, 1, y=2)
attempt(inspect.signature, 1)
attempt(inspect.Parameter, "1a", inspect.Parameter.VAR_KEYWORD)
attempt(inspect.Parameter, "a", inspect.Parameter.VAR_KEYWORD, default=1)
P = inspect.Parameter
attempt(inspect.Signature, [P("a", P.KEYWORD_ONLY), P("b", P.POSITIONAL_ONLY)])
attempt(inspect.Signature, [P("a", P.KEYWORD_ONLY), P("a", P.KEYWORD_ONLY)])
attempt(inspect.Signature, [P("a", P.POSITIONAL_ONLY, default=1), P("b", P.POSITIONAL_ONLY)])
print(s == inspect.signature(every), hash(s) == hash(inspect.signature(every)), s.replace(return_annotation=int))
print(inspect.getfullargspec(every)[:6], inspect.unwrap(wrapper) is every)
