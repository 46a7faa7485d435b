names = """BaseException Exception BaseExceptionGroup GeneratorExit KeyboardInterrupt SystemExit ArithmeticError
FloatingPointError OverflowError ZeroDivisionError AssertionError AttributeError BufferError EOFError ImportError
ModuleNotFoundError LookupError IndexError KeyError MemoryError NameError UnboundLocalError OSError BlockingIOError
ChildProcessError ConnectionError BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError
FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError
TimeoutError ReferenceError RuntimeError NotImplementedError RecursionError StopAsyncIteration StopIteration SyntaxError
IndentationError TabError SystemError TypeError ValueError UnicodeError UnicodeDecodeError UnicodeEncodeError
UnicodeTranslateError Warning BytesWarning DeprecationWarning EncodingWarning FutureWarning ImportWarning
PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning ExceptionGroup
IOError EnvironmentError""".split()
for n in names:
    c = eval(n)
    print(n, c, [b.__name__ for b in c.__mro__])
for e in (ValueError(), ValueError("a"), ValueError("a", 2), KeyError("k"), KeyError(), KeyError(1, 2), KeyError(""), SystemExit(), SystemExit(3), SystemExit(1, 2),
          StopIteration(), StopIteration(5), OSError(), OSError("x"), OSError(2, "No such file"), OSError(2, "No such", "f.txt"),
          OSError(2, "No such", "a", None, "b"), OSError(13, "denied", b"bytes"), OSError("a", "b"), OSError(9999, "x"), FileNotFoundError(1, "odd"),
          ImportError("m", name="n", path="p"), ImportError("a", "b"), NameError("n", name="q"), AttributeError("a", name="b", obj=3),
          SyntaxError("bad"), SyntaxError("bad", ("f.py", 3, 4, "text")), SyntaxError("bad", ("/x/y.py", 3, 4, "text", 5, 6)), SyntaxError(), SyntaxError("m", (None, 3, 4, "t")),
          UnicodeDecodeError("utf-8", b"a\xff", 1, 2, "bad"), UnicodeDecodeError("utf-8", b"a\xff", 0, 2, "bad"),
          UnicodeEncodeError("ascii", "é", 0, 1, "no"), UnicodeEncodeError("ascii", "ab", 0, 2, "no"), UnicodeEncodeError("ascii", "\u1234", 0, 1, "no"), UnicodeEncodeError("ascii", "\U00012345", 0, 1, "no"),
          UnicodeTranslateError("é", 0, 1, "no"), ExceptionGroup("g", [ValueError(1), TypeError(2)]), BaseExceptionGroup("g", [KeyboardInterrupt()]), BaseExceptionGroup("g", [ValueError()])):
    print(type(e).__name__, repr(e), "|", str(e), "|", e.args, [getattr(e, n, "-") for n in ("code", "value", "errno", "strerror", "filename", "filename2", "msg", "name", "path", "lineno", "offset", "text", "end_lineno", "encoding", "object", "start", "end", "reason", "message", "exceptions")])
for f in (lambda: ValueError(a=1), lambda: KeyError(b=2), lambda: ImportError("x", foo=1), lambda: NameError(x=1), lambda: OSError(a=1), lambda: UnicodeDecodeError("a"),
          lambda: SyntaxError("a", (1, 2)), lambda: ExceptionGroup("a", []), lambda: ExceptionGroup("a", [1]), lambda: ExceptionGroup("a", [KeyboardInterrupt()]), lambda: ExceptionGroup(1, [ValueError()]), lambda: ExceptionGroup("a"),
          lambda: ExceptionGroup("a", 5)):
    try:
        f(); print("fine")
    except Exception as e:
        print(type(e).__name__, e)
class My(ValueError):
    def __init__(self, a, b): super().__init__(a); self.b = b
    def __str__(self): return f"my {self.b}"
m = My(1, 2); print(repr(m), m, m.args, m.b)
class MyOS(OSError):
    def __init__(self, path): super().__init__(2, "gone", path); self.p = path
o = MyOS("pp"); print(repr(o), o, o.errno, o.filename, o.p)
class K(KeyError): pass
print(K("a"), repr(K("a")))
e = ValueError(1); e.args = [1, 2]; print(e.args, e); e.foo = 1; print(e.__dict__)
e.add_note("n1"); e.add_note("n2"); print(e.__notes__)
for f in (lambda: e.add_note(3), lambda: e.with_traceback(3), lambda: setattr(e, "__cause__", 3), lambda: setattr(e, "__context__", 3), lambda: delattr(e, "__cause__"), lambda: setattr(e, "args", 3), lambda: delattr(e, "args")):
    try:
        f(); print("fine")
    except TypeError as x:
        print(x)
print(e.with_traceback(None) is e, e.__suppress_context__, e.__cause__, e.__context__, e.__traceback__)
e.__cause__ = KeyError(1); print(e.__suppress_context__, repr(e.__cause__))
