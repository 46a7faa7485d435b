def run(f):
    try:
        r = f()
    except ValueError as e:
        return "value", e.args
    except (KeyError, IndexError) as e:
        return "lookup", type(e).__name__
    except Exception as e:
        return "other", type(e).__name__, str(e)
    else:
        return "ok", r
    finally:
        print("finally", end=" ")


def thrower(exc):
    raise exc


print(run(lambda: 1))
print(run(lambda: thrower(ValueError(1, 2))))
print(run(lambda: {}[1]))
print(run(lambda: [][1]))
print(run(lambda: 1 / 0))
print(run(lambda: thrower(TypeError)))


def order():
    try:
        return "try"
    finally:
        print("cleanup", end=" ")


print(order())


def override():
    for i in range(3):
        try:
            continue
        finally:
            if i == 1:
                break
    try:
        return 1
    finally:
        return i


print(override())


def nested():
    try:
        try:
            raise ValueError("inner")
        finally:
            print("f1", end=" ")
    except ValueError as e:
        try:
            raise KeyError("second") from e
        except KeyError as k:
            return repr(k.__cause__), repr(k.__context__), k.__suppress_context__


print(nested())
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise RuntimeError("while handling")
except RuntimeError as e:
    print(repr(e.__context__))
try:
    try:
        raise ValueError("again")
    except ValueError:
        raise
except ValueError as e:
    print("reraised", e)
try:
    e
except NameError:
    print("e is gone")


class Cm:
    def __init__(self, name, suppress=False):
        self.name, self.suppress = name, suppress

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, *exc):
        print("exit", self.name, exc[0] and exc[0].__name__)
        return self.suppress


with Cm("a") as x, Cm("b"):
    print("body", x)
with (Cm("c") as x, Cm("d", True) as y,):
    raise ValueError(x + y)


def early():
    with Cm("e"):
        with Cm("f"):
            return "value"


print(early())
for i in range(3):
    with Cm(i):
        if i == 0:
            continue
        break
try:
    with Cm("g"):
        1 / 0
except ZeroDivisionError:
    print("propagated")
try:
    raise ExceptionGroup("many", [ValueError(1), TypeError(2), ValueError(3)])
except* ValueError as eg:
    print("values", [str(e) for e in eg.exceptions])
except* TypeError as eg:
    print("types", eg.exceptions)
try:
    try:
        raise ExceptionGroup("rest", [OSError(1), KeyError(2)])
    except* KeyError:
        print("key")
except ExceptionGroup as eg:
    print(eg, eg.exceptions)


def deep(n):
    return deep(n + 1)


try:
    deep(0)
except RecursionError as e:
    print(e)


def gen():
    try:
        yield 1
        yield 2
    finally:
        print("closed")


for v in gen():
    break
g = gen()
next(g)
g.close()
try:
    raise 5
except TypeError as e:
    print(e)
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
