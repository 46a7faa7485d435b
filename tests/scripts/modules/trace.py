"""sys.settrace and sys.setprofile: the events, their order, lines and arguments."""
import sys
log = []
def name(f): return f.f_code.co_name
def tracer(frame, event, arg):
    if event == "exception": arg = arg[0].__name__
    log.append((name(frame), event, frame.f_lineno, repr(arg)[:40] if not callable(arg) else "fn"))
    return tracer
def gen(n):
    for i in range(n):
        try:
            yield i
        except KeyError:
            pass
def deleg():
    yield from gen(2)
    return 7
def one(): return 1
def raiser():
    raise ValueError("x")
def catcher():
    try:
        raiser()
    except ValueError:
        x = 1
    finally:
        y = 2
    return y
def loop():
    t = 0
    for i in range(3):
        t += i
    t = 0
    return [j for j in range(2)]
class C:
    def __init__(self): self.a = 1
    def __enter__(self): return 5
    def __exit__(self, *a): return True
def withs():
    with C() as c:
        raise KeyError
    return c.a
def closure():
    v = 3
    def inner():
        return v
    return inner()
def lam(): return (lambda x:
    x + 1)(2)
def genuser():
    g = gen(3)
    next(g)
    g.throw(KeyError)
    g.close()
def excloop():
    for k in (1, 2):
        try:
            1 / 0
        except ZeroDivisionError as e:
            continue
async def co():
    return 5
async def co2():
    return await co()
def runco():
    try:
        co2().send(None)
    except StopIteration as e:
        return e.value
def nested():
    if one() and (one()
       or one()):
        return one(
        ) + one()
def multi(a,
          b=2):
    global zz
    zz = a
    assert a
    del a
    pass
def match(p):
    match p:
        case [1, x]:
            return x
        case {"a": y}:
            return y
        case _:
            return None
def body():
    class K:
        "doc"
        x = 1
        def f(self): pass
    return K.x
for f, args in ((one,()),(deleg,None),(catcher,()),(loop,()),(withs,()),(closure,()),(excloop,()),(nested,()),(multi,(1,)),(match,([1,2],)),(match,({"a":1},)),(match,(0,)),(body,())):
    log.clear()
    sys.settrace(tracer)
    if args is None: list(f())
    else: f(*args)
    sys.settrace(None)
    print("==", f.__name__)
    for l in log: print(*l)
def prof(frame, event, arg):
    plog.append((name(frame), event, frame.f_lineno, getattr(arg, "__qualname__", repr(arg)) if event.startswith("c_") else repr(arg)[:30]))
plog = []
def p():
    x = [3, 1]
    x.append(len(x))
    x.sort(key=lambda v: -v)
    try:
        int("z")
    except ValueError: pass
    "a".join(map(str, x))
    list(gen(1))
    C()
sys.setprofile(prof)
p()
sys.setprofile(None)
for l in plog: print(*l)
# midway
log.clear()
def mid():
    for i in range(3):
        if i == 1:
            sys._getframe().f_trace = tracer
            sys.settrace(tracer)
            break
    one()
    sys.settrace(None)
mid()
for l in log: print(*l)
# failing trace function
def bad(frame, event, arg):
    raise RuntimeError("bad " + event)
def victim():
    return 1
sys.settrace(bad)
try:
    victim()
except RuntimeError as e: print(e, sys.gettrace())
sys.settrace(None)
