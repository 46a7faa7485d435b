"""traceback: entries, chains, groups, notes."""
import traceback, sys, io
def f(n):
    if n: return f(n - 1)
    x = {"a": 1}
    return x["b"] + 1
def g():
    try: f(6)
    except KeyError as e: raise ValueError("outer") from e
def h():
    try: g()
    except ValueError: return 1 / 0
try: h()
except Exception as e:
    exc = e
    traceback.print_exc(file=sys.stdout)
    print(traceback.format_exc(limit=1))
    print(traceback.format_exc(limit=-1, chain=False))
    print([(s.filename == __file__, s.lineno, s.name, s.line, s.colno, s.end_colno) for s in traceback.extract_tb(e.__traceback__)])
    t = traceback.TracebackException.from_exception(e, capture_locals=True)
    print(str(t), t.exc_type, len(t.stack), t.__context__.exc_type, t.__context__.__cause__.stack[1].locals)
def st(): return traceback.extract_stack()
print(st(), [x.name for x in st()], traceback.format_stack()[-1])
e = ValueError("v"); e.add_note("note 1\nline 2"); e.add_note("3")
print(traceback.format_exception(e), traceback.format_exception_only(KeyError("x")), traceback.format_exception_only(None))
try: compile("a = (1,\nb = 3 +* 4", "<x>", "exec")
except SyntaxError as e: print("".join(traceback.format_exception_only(e)))
class Bad(Exception):
    def __str__(self): raise RuntimeError
print(traceback.format_exception_only(Bad()))
def grp():
    def one(x):
        raise x
    l = []
    for x in (ValueError(1), TypeError("t"), ExceptionGroup("in", [KeyError("k"), OSError(2, "no")])):
        try: one(x)
        except Exception as e: l.append(e)
    l[1].add_note("a note")
    raise ExceptionGroup("outer", l)
try: grp()
except ExceptionGroup as e:
    traceback.print_exception(e, file=sys.stdout)
    try: raise KeyError("after")
    except KeyError as e2: print("".join(traceback.format_exception(e2)))
print("".join(traceback.format_exception(ExceptionGroup("many", [ValueError(i) for i in range(20)]))))
print("".join(traceback.format_exception(ExceptionGroup("x", [ValueError(1), ExceptionGroup("y", [TypeError(2)])]))))
print(traceback.format_list([("a.py", 3, "f", "  code"), ("b.py", 4, "g", None)]))
for args in ((3,), (None,), (ValueError, ValueError("q"), None)):
    try: print(traceback.format_exception(*args))
    except TypeError as e: print(e)
def bg(): raise exc2
exc2 = BaseExceptionGroup("b", [KeyboardInterrupt()])
try:
    try: bg()
    except BaseException as e: raise RuntimeError("x") from e
except RuntimeError: traceback.print_exc(file=sys.stdout)
