# SPDX-License-Identifier: BSD-2-Clause
"""The operating system; a part of minipy."""
import posix
import posixpath as path
import stat as _stat
import sys
from posix import *
from posix import _exit, stat as _posix_stat

sys.modules["os.path"] = path
from posixpath import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

name, linesep = "posix", "\n"
error = OSError
SEEK_SET, SEEK_CUR, SEEK_END = range(3)
remove = posix.unlink
replace = posix.rename


class stat_result(tuple):
    """The ten numbers of old, and the rest by name."""

    n_fields = 13

    def __new__(cls, values):
        self = super().__new__(cls, [*values[:7], *(ns // 10**9 for ns in values[7:10])])
        self._all = values
        return self

    st_mode, st_ino, st_dev, st_nlink, st_uid, st_gid, st_size = (property(lambda self, i=i: self[i]) for i in range(7))
    st_atime_ns, st_mtime_ns, st_ctime_ns, st_blksize, st_blocks, st_rdev = (property(lambda self, i=i: self._all[i]) for i in range(7, 13))
    st_atime, st_mtime, st_ctime = (property(lambda self, i=i: self._all[i] / 1e9) for i in range(7, 10))

    def __repr__(self):
        names = ("st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime")
        return f"os.stat_result({', '.join(f'{n}={v}' for n, v in zip(names, self))})"


def stat(path, *, dir_fd=None, follow_symlinks=True):
    return stat_result(_posix_stat(path, follow_symlinks))


def lstat(path, *, dir_fd=None):
    return stat_result(_posix_stat(path, False))


def fstat(fd):
    return stat_result(_posix_stat(fd))


def _named(type_name, *fields):
    """A tuple whose items have names too."""
    members = {field: property(lambda self, i=i: self[i]) for i, field in enumerate(fields)}
    members["__repr__"] = lambda self: f"posix.{type_name}({', '.join(f'{f}={v!r}' for f, v in zip(fields, self))})"
    return type(type_name, (tuple,), members)


uname_result = _named("uname_result", "sysname", "nodename", "release", "version", "machine")
times_result = _named("times_result", "user", "system", "children_user", "children_system", "elapsed")
terminal_size = _named("terminal_size", "columns", "lines")


def uname():
    return uname_result(posix.uname())


def times():
    return times_result(posix.times())


def get_terminal_size(fd=1):
    return terminal_size((int(environ.get("COLUMNS") or 80), int(environ.get("LINES") or 24)))


# -- paths --------------------------------------------------------------------------------------
fspath = path._plain


def fsencode(filename):
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename


class _PathLikeMeta(type):
    def __instancecheck__(cls, o):
        return type.__instancecheck__(cls, o) or hasattr(type(o), "__fspath__")

    def __subclasscheck__(cls, c):
        return type.__subclasscheck__(cls, c) or hasattr(c, "__fspath__")


class PathLike(metaclass=_PathLikeMeta):
    pass


def getcwdb():
    return fsencode(getcwd())


def listdir(path="."):
    names = posix.listdir(path)
    return [fsencode(name) for name in names] if isinstance(path, bytes) else names


class DirEntry:
    """What scandir finds; its kind is asked for when somebody wants it."""

    def __init__(self, dir, name):
        self.name, self.path = name, path.join(dir, name)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return f"<DirEntry {self.name!r}>"

    def stat(self, *, follow_symlinks=True):
        return stat(self.path, follow_symlinks=follow_symlinks)

    def inode(self):
        return lstat(self.path).st_ino

    def _is(self, kind, follow_symlinks):
        return kind(path._mode(self.path, follow_symlinks))

    def is_dir(self, *, follow_symlinks=True):
        return self._is(_stat.S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        return self._is(_stat.S_ISREG, follow_symlinks)

    def is_symlink(self):
        return self._is(_stat.S_ISLNK, False)


class scandir:
    def __init__(self, path="."):
        self._entries = iter([DirEntry(fspath(path), name) for name in listdir(path)])

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def close(self):
        self._entries = iter(())


def makedirs(name, mode=0o777, exist_ok=False):
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            pass  # somebody else made it meanwhile
        if tail == (curdir if isinstance(tail, str) else b"."):
            return
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def removedirs(name):
    rmdir(name)
    head = path.dirname(name)
    while head:
        try:
            rmdir(head)
        except OSError:
            break
        head = path.dirname(head)


def renames(old, new):
    head, tail = path.split(new)
    if head and tail and not path.exists(head):
        makedirs(head)
    rename(old, new)


def walk(top, topdown=True, onerror=None, followlinks=False):
    try:
        entries = list(scandir(top))
    except OSError as e:
        if onerror is not None:
            onerror(e)
        return
    dirs = [entry.name for entry in entries if entry.is_dir()]
    files = [entry.name for entry in entries if not entry.is_dir()]
    if topdown:
        yield fspath(top), dirs, files
    for name in dirs:
        below = path.join(top, name)
        if followlinks or not path.islink(below):
            yield from walk(below, topdown, onerror, followlinks)
    if not topdown:
        yield fspath(top), dirs, files


def utime(path, times=None, *, ns=None):
    if times is not None:
        ns = tuple(int(t * 1e9) for t in times)
    if ns is None:
        import time
        ns = (time.time_ns(),) * 2
    posix.utime(path, *ns)


def mkdir(path, mode=0o777, *, dir_fd=None):
    posix.mkdir(path, mode)


def open(path, flags, mode=0o777, *, dir_fd=None):
    return posix.open(path, flags, mode)


def fdopen(fd, *args, **kwargs):
    import io
    return io.open(fd, *args, **kwargs)


# -- the environment ----------------------------------------------------------------------------
class _Environ(dict):
    """Changes go to the process too, for the programs that it starts."""

    def __setitem__(self, key, value):
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"str expected, not {type(value if isinstance(key, str) else key).__name__}")
        if "=" in key or not key:
            raise OSError(22, "Invalid argument")
        putenv(key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        super().__delitem__(key)
        unsetenv(key)

    def pop(self, key, *default):
        if key in self:
            value = self[key]
            del self[key]
            return value
        return super().pop(key, *default)

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def clear(self):
        for key in list(self):
            del self[key]

    def copy(self):
        return dict(self)

    def __repr__(self):
        return f"environ({dict(self)!r})"


environ = _Environ(posix.environ)


def getenv(key, default=None):
    return environ.get(key, default)


# -- processes ----------------------------------------------------------------------------------
def fork():
    pid = posix.fork()
    if pid == 0 and "threading" in sys.modules:
        sys.modules["threading"]._after_fork()
    return pid


def wait():
    return waitpid(-1, 0)


def WIFSIGNALED(status):
    return 0 < status & 0x7f < 0x7f


def WTERMSIG(status):
    return status & 0x7f


def WIFEXITED(status):
    return status & 0x7f == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xff


def WIFSTOPPED(status):
    return status & 0xff == 0x7f


WSTOPSIG = WEXITSTATUS


def WCOREDUMP(status):
    return status & 0x80 != 0


def waitstatus_to_exitcode(status):
    if WIFSIGNALED(status):
        return -WTERMSIG(status)
    if WIFEXITED(status):
        return WEXITSTATUS(status)
    raise ValueError(f"invalid wait status: {status}")


def execve(path, argv, env):
    posix.execve(path, argv, [f"{key}={value}" for key, value in env.items()])


def execv(path, argv):
    execve(path, argv, environ)


def execvpe(file, argv, env):
    if path.dirname(file):
        execve(file, argv, env)
    last = None
    for dir in env.get("PATH", defpath).split(pathsep):
        try:
            execve(path.join(dir, file), argv, env)
        except (FileNotFoundError, NotADirectoryError) as e:
            last = last or e
        except OSError as e:
            last = e
    raise last


def execvp(file, argv):
    execvpe(file, argv, environ)


def execl(file, *argv):
    execv(file, argv)


def execlp(file, *argv):
    execvp(file, argv)


def system(command):
    pid = fork()
    if pid == 0:
        try:
            execv("/bin/sh", ["sh", "-c", command])
        finally:
            _exit(127)
    return waitpid(pid, 0)[1]


def get_exec_path(env=None):
    return (env or environ).get("PATH", defpath).split(pathsep)
