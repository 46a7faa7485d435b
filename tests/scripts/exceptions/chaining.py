def chain(e):
    out = []
    while e is not None:
        out.append((repr(e), repr(e.__cause__), e.__suppress_context__))
        e = e.__context__
    return out
try:
    try:
        1 / 0
    except ZeroDivisionError:
        {}["k"]
except KeyError as e:
    print(chain(e))
try:
    try:
        1 / 0
    except ZeroDivisionError as z:
        raise ValueError("v") from z
except ValueError as e:
    print(chain(e))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v") from None
except ValueError as e:
    print(chain(e))
try:
    try:
        raise KeyError(1)
    finally:
        raise TypeError(2)
except TypeError as e:
    print(chain(e))
try:
    try:
        raise KeyError(1)
    except KeyError as k:
        try:
            raise ValueError(2)
        except ValueError as v:
            raise k
except KeyError as e:
    print(chain(e))
e1, e2 = ValueError(1), ValueError(2)
e1.__context__ = e2; e2.__context__ = None
try:
    try:
        raise e1
    except ValueError:
        raise e2
except ValueError as e:
    print(repr(e), repr(e.__context__), repr(e.__context__.__context__))
class C:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): print("exit", t, repr(v), tb is not None); raise RuntimeError("in exit")
try:
    with C():
        raise ValueError("body")
except RuntimeError as e:
    print(chain(e))
def gen():
    try:
        yield 1
    except ValueError:
        raise KeyError("in gen")
g = gen(); next(g)
try:
    g.throw(ValueError("thrown"))
except KeyError as e:
    print(chain(e))
for bad in ("raise 3", "raise", "raise ValueError from 3", "raise int"):
    try:
        exec(bad)
    except (TypeError, RuntimeError) as e:
        print(type(e).__name__, e)
try:
    try:
        raise ValueError
    except 3:
        pass
except TypeError as e:
    print(e)
class Bad(Exception):
    def __new__(cls): return 5
try:
    raise Bad
except TypeError as e:
    print(e)
def f(n):
    try:
        if n: f(n - 1)
        else: 1 / 0
    finally:
        pass
try:
    f(3)
except ZeroDivisionError as e:
    tb, depth = e.__traceback__, 0
    while tb: depth += 1; tb = tb.tb_next
    print(depth)
class D:
    def __del__(self): raise ValueError("unraisable")
try:
    x = 1 / 0
except ZeroDivisionError as err:
    saved = err
print("err" in globals(), saved.__context__)
def rec(): return rec()
try:
    rec()
except RecursionError as e:
    print(e)
def rec2():
    try:
        return rec2()
    except RecursionError:
        return "handled"
print(rec2())
