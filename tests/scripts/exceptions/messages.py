def f0(): pass
def f1(a, b=2, *, c): pass
def f2(a, /, b): pass
class C:
    def m(self, x): pass
cases = ["f0(1)", "f1()", "f1(1)", "f1(1, 2, 3, c=1)", "f1(1, c=1, d=2)", "f1(1, a=2, c=3)", "f2(a=1, b=2)", "f2(1)", "f1(**{1: 2})", "f1(*3)", "f1(**3)",
    "C().m()", "C().m(1, 2)", "C.m()", "len()", "len(1, 2)", "len(x=1)", "isinstance(1)", "isinstance(1, 2)", "issubclass(1, int)", "issubclass(int, 1)", "[].append()", "[].append(1, 2)",
    "[].append(x=1)", "sorted()", "sorted([1], 2)", "sorted([1], foo=2)", "sorted(key=1)", "print(foo=1)", "int(1, 2, 3)", "int(foo=1)", "'a'.join()", "'a'.join(1)", "'a'.split(1)", "{}.get()", "{}.pop()",
    "min()", "max(1)", "sum()", "sum(1)", "range()", "range(1, 2, 3, 4)", "range('a')", "zip(1)", "next()", "next(1)", "iter()", "iter(1)", "getattr()", "getattr(1)", "hash([])", "hash({})", "{[]: 1}",
    "abs('a')", "divmod(1)", "pow(1)", "chr('a')", "ord('ab')", "ord(1)", "1 + 'a'", "'a' + 1", "[] + ()", "1 < 'a'", "-'a'", "~1.5", "1 in 2", "x_undefined", "None.foo", "None()", "None[0]", "1[0]", "'a'['b']", "[1]['a']", "{}['k']", "[][0]",
    "(1).__class__.foo", "int('x')", "float('x')", "1/0", "1//0", "1%0", "0**-1", "object.foo", "type('A', (1,), {})", "super()", "super(1, 2)", "property().__get__(1)", "classmethod()", "staticmethod(1, 2)"]
for c in cases:
    try:
        r = eval(c)
        print(c, "=", r)
    except Exception as e:
        print(c, "->", type(e).__name__ + ":", e)
