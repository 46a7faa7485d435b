# What a piece of program has made is gone after it, whatever it raised: the number of objects stays.
import gc
import sys

snippets = {}
def case(f):
    snippets[f.__name__] = f
    return f
class A:
    def __init__(self, x): self.x = x
    def m(self): return self.x
    @property
    def p(self): return self.x
    def __enter__(self): return self
    def __exit__(self, *a): return True
class S:
    __slots__=("a","b")
@case
def calls():
    a = A(1); a.m(); a.p; a.y = 2; a.y = 3; del a.y
    def f(a, b=2, *c, d=4, **e): return a
    f(1); f(1, 2, 3, d=5, z=6); f(*[1], **{"q": 1})
@case
def errors():
    for src in ("1/0", "[][1]", "{}['a']", "x_y_z", "(1).foo", "'a'+1", "f()", "A()", "A(1,2)", "len()", "len(1)", "int('x')",
                "a, b = 1", "a, b = 1,", "a, b = 1, 2, 3", "*a, b = []", "A(1).zz", "S().a", "raise 5", "raise ValueError from 5", "assert 0",
                "import nosuch", "from sys import nosuch", "del q", "A.nope", "del A(1).x2", "5()", "[1]['a']", "(1,)[9]", "for i in 5: pass", "with 5: pass",
                "lambda: (yield)", "class X(5): pass", "class X(A, A): pass", "{[]: 1}", "{**5}", "f(**5)", "print(*5)", "sorted([1,'a'])", "x = yield", "2**-1; 2<<-1",
                "match 5:\n case A(1, 2): pass", "try:\n 1/0\nexcept 5: pass", "float('x')", "'%d' % 'a'", "'{'.format()", "''.join([1])", "next(iter([]))"):
        try: exec(src, {"A": A, "S": S, "f": lambda a: a})
        except BaseException as e: str(e), repr(e)
@case
def excs():
    try:
        try: raise ValueError(1)
        except ValueError as e: raise KeyError(2) from e
        finally: pass
    except KeyError as e: e.__traceback__.tb_lineno
    with A(1) as a: raise ValueError
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2), KeyError(3)])
    except* ValueError as e: pass
    except* (TypeError, KeyError) as e: pass
@case
def gens():
    def g(n):
        try:
            x = yield n
            yield from g(n - 1) if n else ()
        finally: pass
    list(g(3)); i = g(2); next(i); i.send(5); i.close()
    i = g(1); next(i)
    try: i.throw(ValueError)
    except ValueError: pass
    i = g(1)
    try: i.throw(ValueError)
    except ValueError: pass
    def h(): return (yield from g(1))
    i = h(); next(i)
    try: i.throw(KeyError(1))
    except KeyError: pass
    del i
    j = h(); next(j); del j
@case
def coros():
    class W:
        def __await__(self):
            v = yield 1
            return v
    async def c(): 
        try: return await W()
        finally: pass
    k = c(); k.send(None)
    try: k.send(5)
    except StopIteration as e: pass
    k = c(); k.send(None); k.close()
    k = c(); k.close()
@case
def classes():
    class M(type):
        def __new__(m, n, b, d, **k): return super().__new__(m, n, b, d)
    class B(metaclass=M, key=1):
        x: int = 5
        def __init_subclass__(cls, **k): super().__init_subclass__()
        def __set_name__(self, o, n): pass
        def __eq__(self, o): return True
        __hash__ = None
    class C(B, z=1):
        y = B()
        def m(self): return super().m if 0 else __class__
    C().m(); C() == 1; C() != C(); type("T", (C,), {"q": 1}); isinstance(C(), B)
@case
def matching():
    for v in (1, "a", [1, 2, 3], {"k": 1, "z": 2}, A(3), (1,), None):
        match v:
            case 1 | 2: pass
            case [a, *b] if a > 5: pass
            case [a, *b]: pass
            case {"k": x, **rest}: pass
            case str() as s: pass
            case A(x=y): pass
            case _: pass
@case
def comps():
    [x for x in range(5) if x]; {x: y for x, y in zip("ab", "cd")}; {x for x in "abc"}; sum(x for x in [1, 2])
    [[y for y in x] for x in ([1], [2])]; a, *b = "abc"; (a, b), c = (1, 2), 3; f"{a!r:>10} {b} {c:05d}"; "%s %d" % (a, 5); "{} {x}".format(1, x=2)
    sorted("cab", key=lambda c: c, reverse=True); list(map(str, [1, 2])); list(filter(None, [0, 1])); max([1, 2], key=lambda v: -v)
    s = ""
    for i in range(20): s += str(i)
@case
def strings():
    "a,b".split(","); " x ".strip(); "abc".replace("b", "zz"); "abc".upper(); "ab".join(["x"] * 5); "a" * 50; "abc".encode(); b"abc".decode(); "añ".encode("utf-8"); "x".center(20, "*"); "abc".translate({97: "z"}); bytes([1, 2]); bytearray(b"x") + b"y"; "Straße".casefold(); "a\nb".splitlines(); int("123"); float("1.5"); repr(1.1); str(10**30); 10**30 // 7; hash("q" + str(5)); complex(1, 2) * 2j
@case
def code():
    exec("def f(x):\n  class Q: z = x\n  return Q\nf(1)\n", {}); eval("1+2", {}); compile("x=1", "s", "exec")
    try: compile("x = = 1", "s", "exec")
    except SyntaxError as e: str(e)
@case
def frames():
    def f(): return sys._getframe()
    fr = f(); fr.f_back; fr.f_locals; fr.f_code.co_lines(); list(fr.f_code.co_positions()); fr.clear()
    def rec(): rec()
    try: rec()
    except RecursionError: pass
@case
def dictset():
    d = {i: str(i) for i in range(20)}; d.pop(3); d.popitem(); d.update(a=1); d | {1: 2}; d.setdefault("x", []).append(1); list(d.items()); d.copy(); dict(d); d.get(99); "z" in d; del d[5]; d.clear()
    s = {1, 2, 3}; s |= {4}; s & {1}; s - {1}; s ^ {9}; s.add(5); s.discard(1); frozenset(s); {1} <= s; s.copy(); s.pop()
    l = [3, 1, 2]; l.sort(); l.reverse(); l[1:2] = [7, 8]; del l[0]; l.insert(0, 9); l += (1,); l * 3; l.extend(x for x in (1, 2)); l.pop(); l.index(1); l.count(1); l[::-1]; l.remove(9); tuple(l) + (1,); l == [1]; l < [2]
@case
def weak():
    import weakref
    a = A(1); r = weakref.ref(a, lambda r: None); r(); hash(A); weakref.WeakSet([a]); weakref.WeakValueDictionary({1: a}); del a
@case
def threads():
    import threading
    t = threading.Thread(target=lambda: A(1).m()); t.start(); t.join()


def objects_after(f, n):
    for _ in range(n):
        f()
    gc.collect()
    gc.collect()
    return len(gc.get_objects())


for name, f in snippets.items():
    n = 15 if name in ("threads", "frames", "errors") else 40
    objects_after(f, n)
    before = objects_after(f, n)
    grown = objects_after(f, n) - before
    print(name, "steady" if grown < n // 2 else f"grows by {grown} objects in {n} runs")
