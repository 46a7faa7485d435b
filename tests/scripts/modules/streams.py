"""io: files, text and bytes in memory, classes of one's own."""
import builtins, io, os, sys


def print(*values, file=None):
    builtins.print(*(values if file else map(repr, values)), file=file)


p = f"/tmp/minipy-script-{os.getpid()}.txt"
def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, str(e))
with open(p, "w") as f:
    print(f.write("héllo\nwörld\r\nx\ry"), f.tell(), f.name == p, f.mode, f.encoding, f.closed)
with open(p, "rb") as f: print(f.read(), type(f).__name__)
with open(p) as f: print(f.readlines())
with open(p, newline="") as f: print(f.readlines())
with open(p, newline="\r") as f: print(f.readlines())
with open(p) as f: print([f.read(3), f.read(4), f.readline(), f.tell(), f.read(2), f.read()])
with open(p, newline="") as f: print([f.read(3), f.read(4), f.readline(2), f.readline(), f.read(2), f.read()])
with open(p, "r+") as f:
    print(f.readline()); f.seek(0); f.write("J"); f.seek(0); print(f.read()); f.seek(0, 2); f.write("end")
with open(p, "rb+") as f:
    print(f.read(2), f.tell(), f.seek(1), f.write(b"i"), f.tell(), f.read(3), f.tell(), f.seek(-2, 2), f.read(), f.truncate(5), f.seek(0), f.read())
with open(p, "ab") as f: print(f.tell(), f.write(b"more"), f.tell())
with open(p, "a+", encoding="latin-1") as f: print(f.tell(), f.read(), f.seek(0), f.read())
with open(p, "rb", buffering=0) as f: print(type(f).__name__, f.read(2), f.readline(), f.read(), f.readall())
show(open, p, "rw"); show(open, p, "z"); show(open, p, "r+b+"); show(open, p, "bt"); show(open, p, ""); show(open, p, "rb", encoding="utf-8"); show(open, p, buffering=0); show(open, p, newline="x")
show(open, "/nonexistent/x"); show(open, "/tmp"); show(open, "a\0b"); show(open, 3.5); show(open, 99)
f = open(p); f.close(); show(f.read); show(f.write, "x"); show(f.__enter__); print(f.closed)
show(open(p).write, "x"); show(open(p, "w").read); show(open(p, "rb").write, b"x"); show(open(p,"wb").write, "x")
s = io.StringIO("a\nb\r\nc")
print(list(s), s.tell(), s.getvalue(), s.seek(0), s.read(2), s.readline(), s.write("XYZ"), s.getvalue(), s.seek(20), s.write("!"), s.getvalue(), s.truncate(3), s.getvalue())
print(list(io.StringIO("a\nb\r\nc\rd", newline=None)), list(io.StringIO("a\nb\r\nc\rd", newline="")), list(io.StringIO("a\nb\r\nc\rd", newline="\r\n")))
s.close(); show(s.read); show(s.getvalue)
show(io.StringIO, 3); show(io.StringIO().write, b""); show(io.StringIO().seek, -1); show(io.StringIO().seek, 1, 1)
b = io.BytesIO(b"one\ntwo\nthree")
print(b.readline(), b.read(2), b.readlines(), b.getvalue(), b.seek(-3, 2), b.write(b"XX"), b.getvalue(), b.seek(20), b.write(b"!"), b.getvalue(), b.truncate(2), b.getvalue(), b.tell())
ba = bytearray(4); b.seek(0); print(b.readinto(ba), ba, list(io.BytesIO(b"a\nb")), io.BytesIO(b"xyz").read1(2))
show(b.write, "x"); b.close(); show(b.read)
t = io.TextIOWrapper(io.BytesIO(b"l1\r\nl2\xc3\xa9\n"), encoding="utf-8")
print(t.readline(), t.read(), t.buffer.getvalue(), t.readable(), t.seekable())
t = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", newline="\r\n"); t.write("é\nx\n"); t.flush(); print(t.buffer.getvalue())
t = io.TextIOWrapper(io.BytesIO("añb\n𝒳y".encode("utf-16")), encoding="utf-16"); print(t.read(3), t.readline(), t.read())
t = io.TextIOWrapper(io.BytesIO(b"ab\xffcd"), encoding="utf-8", errors="replace"); print(ascii(t.read()))
show(io.TextIOWrapper(io.BytesIO(b"ab\xffcd"), encoding="utf-8").read); show(io.TextIOWrapper, io.BytesIO(), encoding="nope")
class Raw(io.RawIOBase):
    def __init__(self, data): self.d = data
    def readable(self): return True
    def readinto(self, b):
        n = min(len(b), len(self.d), 3); b[:n] = self.d[:n]; self.d = self.d[n:]; return n
print(Raw(b"hello\nworld").readline(), Raw(b"hello world").read(), Raw(b"hello").read(4), list(Raw(b"a\nb\nc")))
r = Raw(b""); print(r.closed, r.writable()); r.close(); print(r.closed); show(r.fileno); show(r.seek, 0); show(r.__enter__)
class W(io.TextIOBase):
    def __init__(self): self.l = []
    def write(self, s): self.l.append(s); return len(s)
w = W(); print("hi", 3, file=w); w.writelines(["a", "b"]); print(w.l)
for c in (io.IOBase, io.RawIOBase, io.BufferedIOBase, io.TextIOBase):
    print([isinstance(x, c) for x in (open(p), open(p, "rb"), open(p, "rb", 0), s, b, w, r, 3)], issubclass(io.StringIO, c), issubclass(W, c))
print(issubclass(io.UnsupportedOperation, OSError), issubclass(io.UnsupportedOperation, ValueError))
class P:
    def __fspath__(self): return p
with open(P(), "w") as f: f.write("path")
print(open(p.encode()).read(), open(p, opener=lambda a, fl: os.open(a, fl)).read())
print(sys.stdout.buffer.write(b"raw bytes\n"), sys.stderr.errors)
big = "x" * 100000 + "\n"
with open(p, "w") as f: f.writelines([big, big])
with open(p) as f: print([len(l) for l in f], f.read() == "")
with open(p, "rb") as f: print(len(f.read()), f.seek(10), len(f.peek()) > 0, f.tell())
os.unlink(p)
