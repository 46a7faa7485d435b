"""os and os.path."""
import os, stat, sys
import os.path as p
def show(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except Exception as e: print(type(e).__name__, e)
for a in ["/a/b/c.txt", "a", "", "/", "//", "///x", "a/b/", ".bashrc", "a.tar.gz", "..x", "a/../b", "/../a", "a//b/./c/..", "./..", b"/x/y.z"]:
    print(p.split(a), p.splitext(a), p.normpath(a), p.basename(a), p.dirname(a), p.isabs(a))
print(p.join("a", "b", "/c", "d"), p.join("a/", "b"), p.join("", "x"), p.join("a", ""), p.commonpath(["/a/b/c", "/a/b/d"]), p.commonprefix(["/a/bc", "/a/bd"]), p.relpath("/a/b/c", "/a/d"), p.relpath("/a", "/a"), p.expandvars("$HOMEX ${PATHX} $$ $"), p.expanduser("x"))
show(p.join, "a", b"b"); show(p.join, 3); show(p.commonpath, []); show(p.commonpath, ["/a", "b"])
home = f"/tmp/minipy-script-{os.getpid()}"
os.mkdir(home)
os.chdir(home)
d = "os_test"
os.makedirs(d + "/x/y"); os.makedirs(d + "/x/y", exist_ok=True); show(os.makedirs, d + "/x/y"); show(os.mkdir, d); show(os.listdir, d + "/nope"); show(os.rmdir, d)
with open(d + "/f", "w") as f: f.write("hello")
os.symlink("f", d + "/ln"); os.symlink("loop", d + "/loop")
print(sorted(os.listdir(d)), p.exists(d + "/f"), p.exists(d + "/loop"), p.lexists(d + "/loop"), p.islink(d + "/ln"), p.isfile(d + "/ln"), p.isdir(d + "/x"), p.getsize(d + "/f"), os.readlink(d + "/ln"), p.realpath(d + "/ln") == p.join(home, d, "f"), p.realpath(d + "/x/../ln/.") == p.join(home, d, "f"))
st = os.stat(d + "/f"); print(st.st_size, stat.S_ISREG(st.st_mode), oct(st.st_mode & 0o777 & ~0o022), len(st), st[6], stat.filemode(0o100755), stat.filemode(0o041777), os.lstat(d + "/ln").st_mode != st.st_mode)
os.chmod(d + "/f", 0o600); print(oct(os.stat(d + "/f").st_mode)); os.utime(d + "/f", (1, 2.5)); print(os.stat(d + "/f").st_mtime, os.stat(d + "/f").st_mtime_ns)
os.rename(d + "/f", d + "/g"); os.link(d + "/g", d + "/h"); print(os.stat(d + "/g").st_nlink, p.samefile(d + "/g", d + "/h"), os.access(d + "/g", os.R_OK), os.access(d + "/none", os.F_OK))
os.unlink(d + "/loop"); print([(a[len(d):], sorted(b), sorted(c)) for a, b, c in os.walk(d)], sorted((e.name, e.is_dir(), e.is_file(), e.is_symlink()) for e in os.scandir(d)))
fd = os.open(d + "/g", os.O_RDWR); print(os.read(fd, 3), os.lseek(fd, 0, 2), os.write(fd, b"!!"), os.lseek(fd, 0, os.SEEK_SET), os.read(fd, 100), os.fstat(fd).st_size); os.close(fd); show(os.close, fd); show(os.read, 9999, 1); show(os.open, d + "/q", os.O_RDONLY)
r, w = os.pipe(); os.write(w, b"pipe"); os.close(w); print(os.read(r, 10), os.read(r, 10)); os.close(r)
os.environ["MP_X"] = "1"; print(os.getenv("MP_X"), os.system("exit $MP_X") >> 8, os.environ.get("MP_Y", 3)); del os.environ["MP_X"]; print("MP_X" in os.environ, os.system("exit ${MP_X:-7}") >> 8); show(os.environ.__setitem__, "a", 3)
pid = os.fork()
if pid == 0:
    os._exit(5)
print(os.waitpid(pid, 0)[1], os.WEXITSTATUS(5 << 8), os.waitstatus_to_exitcode(5 << 8), os.waitstatus_to_exitcode(9))
pid = os.fork()
if pid == 0:
    try: os.execvp("true", ["true"])
    finally: os._exit(9)
print(os.waitpid(pid, 0)[1]); show(os.execv, "/nonexistent", ["x"]); show(os.waitpid, 999999, 0)
print(os.getcwd() == p.abspath("."), os.getpid() > 1, os.cpu_count() >= 1, len(os.urandom(5)), os.strerror(2), os.sep, os.name, os.fspath("a"), os.fsencode("é"), os.fsdecode(b"\xc3\xa9"), os.uname().sysname, os.curdir, os.linesep == "\n")
class P:
    def __fspath__(self): return d
print(isinstance(P(), os.PathLike), isinstance(3, os.PathLike), sorted(os.listdir(P()))); show(os.fspath, 3)
os.chdir(d); print(os.getcwd() == p.join(home, d)); show(os.unlink, "x"); os.unlink("g"); show(os.unlink, "g"); show(os.stat, "a\0b")
os.chdir("/")
os.system(f"rm -rf {home}")
import threading
def child():
    pid = os.fork()
    if pid == 0:
        ok = threading.current_thread() is threading.main_thread() and threading.active_count() == 1
        os._exit(0 if ok else 1)
    print("forked in thread", os.waitpid(pid, 0)[1])
t = threading.Thread(target=child); t.start(); t.join()
