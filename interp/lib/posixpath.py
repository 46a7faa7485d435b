# SPDX-License-Identifier: BSD-2-Clause
"""os.path of POSIX systems; str and bytes alike; a part of minipy."""
import posix
import stat as _stat

curdir, pardir, extsep, sep, pathsep, altsep, devnull, defpath = ".", "..", ".", "/", ":", None, "/dev/null", "/bin:/usr/bin"
supports_unicode_filenames = False


def _plain(path):
    """A str or bytes of a path-like object."""
    if isinstance(path, (str, bytes)):
        return path
    try:
        fspath = type(path).__fspath__
    except AttributeError:
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(path).__name__}") from None
    return fspath(path)


def _in_kind(path, *texts):
    return texts if isinstance(path, str) else tuple(text.encode() for text in texts)


def normcase(s):
    return _plain(s)


def isabs(s):
    s = _plain(s)
    return s.startswith(_in_kind(s, "/")[0])


def join(a, *parts):
    path = _plain(a)
    slash, = _in_kind(path, "/")
    for part in map(_plain, parts):
        if isinstance(part, str) != isinstance(path, str):
            raise TypeError("Can't mix strings and bytes in path components")
        if part.startswith(slash):
            path = part
        elif not path or path.endswith(slash):
            path += part
        else:
            path += slash + part
    return path


def split(p):
    p = _plain(p)
    slash, = _in_kind(p, "/")
    cut = p.rfind(slash) + 1
    head, tail = p[:cut], p[cut:]
    return head.rstrip(slash) or head, tail


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def splitext(p):
    p = _plain(p)
    slash, dot = _in_kind(p, "/", ".")
    start = p.rfind(slash) + 1
    cut = p.rfind(dot)
    if cut <= start or not p[start:cut].strip(dot):
        return p, p[:0]
    return p[:cut], p[cut:]


def splitdrive(p):
    p = _plain(p)
    return p[:0], p


def normpath(path):
    path = _plain(path)
    slash, dot, dotdot = _in_kind(path, "/", ".", "..")
    if not path:
        return dot
    lead = slash * (2 if path.startswith(slash * 2) and not path.startswith(slash * 3) else path.startswith(slash))
    parts = []
    for part in path.split(slash):
        if part and part != dot:
            if part != dotdot or (not lead and not parts) or (parts and parts[-1] == dotdot):
                parts.append(part)
            elif parts:
                parts.pop()
    return lead + slash.join(parts) or dot


def abspath(path):
    path = _plain(path)
    if not isabs(path):
        cwd = posix.getcwd()
        path = join(cwd if isinstance(path, str) else cwd.encode("utf-8", "surrogateescape"), path)
    return normpath(path)


def relpath(path, start=None):
    path = _plain(path)
    if not path:
        raise ValueError("no path specified")
    slash, dot, dotdot = _in_kind(path, "/", ".", "..")
    here = [part for part in abspath(dot if start is None else _plain(start)).split(slash) if part]
    there = [part for part in abspath(path).split(slash) if part]
    common = len(commonprefix([here, there]))
    return slash.join([dotdot] * (len(here) - common) + there[common:]) or dot


def commonprefix(paths):
    if not paths:
        return ""
    if not isinstance(paths[0], (list, tuple)):
        paths = tuple(map(_plain, paths))
    low, high = min(paths), max(paths)
    for i, part in enumerate(low):
        if part != high[i]:
            return low[:i]
    return low


def commonpath(paths):
    paths = tuple(map(_plain, paths))
    if not paths:
        raise ValueError("commonpath() arg is an empty sequence")
    slash, dot = _in_kind(paths[0], "/", ".")
    if len({isabs(path) for path in paths}) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    common = commonprefix([[part for part in path.split(slash) if part and part != dot] for path in paths])
    return (slash if isabs(paths[0]) else slash[:0]) + slash.join(common)


def _mode(path, follow=True):
    """st_mode, or 0 when there is no such file."""
    try:
        return posix.stat(path, follow)[0]
    except (OSError, ValueError):
        return 0


def exists(path):
    return _mode(path) != 0


def lexists(path):
    return _mode(path, False) != 0


def isfile(path):
    return _stat.S_ISREG(_mode(path))


def isdir(s):
    return _stat.S_ISDIR(_mode(s))


def islink(path):
    return _stat.S_ISLNK(_mode(path, False))


def getsize(filename):
    return posix.stat(filename)[6]


def getmtime(filename):
    return posix.stat(filename)[8] / 1e9


def getatime(filename):
    return posix.stat(filename)[7] / 1e9


def getctime(filename):
    return posix.stat(filename)[9] / 1e9


def samestat(a, b):
    return a.st_ino == b.st_ino and a.st_dev == b.st_dev


def samefile(f1, f2):
    return posix.stat(f1)[1:3] == posix.stat(f2)[1:3]


def ismount(path):
    here = posix.stat(path, False)
    above = posix.stat(join(_plain(path), *_in_kind(_plain(path), "..")))
    return here[2] != above[2] or here[1] == above[1]


def realpath(filename, *, strict=False):
    """Every symbolic link followed; a loop is left as it stands unless strict."""
    filename = _plain(filename)
    slash, dot, dotdot = _in_kind(filename, "/", ".", "..")
    path, rest, seen = (slash if isabs(filename) else abspath(dot)), filename.split(slash)[::-1], 0
    while rest:
        part = rest.pop()
        if part == dotdot:
            path = dirname(path)
        elif part and part != dot:
            path = join(path, part)
            try:
                link = _stat.S_ISLNK(posix.stat(path, False)[0])
            except OSError:
                if strict:
                    raise
                link = False
            if link:
                seen += 1
                if seen > 40:
                    if strict:
                        posix.stat(path)
                    break
                target = posix.readlink(path)
                target = target if isinstance(path, str) else target.encode("utf-8", "surrogateescape")
                path = slash if isabs(target) else dirname(path)
                rest += target.split(slash)[::-1]
    return normpath(join(path, *rest[::-1]))


def expanduser(path):
    path = _plain(path)
    slash, tilde = _in_kind(path, "/", "~")
    home = posix.environ.get("HOME")
    if home is None or not (path == tilde or path.startswith(tilde + slash)):
        return path
    home = home if isinstance(path, str) else home.encode("utf-8", "surrogateescape")
    return (home.rstrip(slash) + path[1:]) or slash


def expandvars(path):
    """$NAME and ${NAME} become the environment's values; unknown ones stay."""
    text = _plain(path)
    as_bytes = isinstance(text, bytes)
    text = text.decode("utf-8", "surrogateescape") if as_bytes else text
    out, i = [], 0
    while i < len(text):
        end = i + 1
        if text[i] == "$" and text[end:end + 1] == "{":
            close = text.find("}", end)
            name, end = (text[end + 1:close], close + 1) if close > 0 else ("", end)
        else:
            while text[i] == "$" and end < len(text) and (text[end].isalnum() or text[end] == "_") and text[end].isascii():
                end += 1
            name = text[i + 1:end]
        out.append(posix.environ.get(name, text[i:end]) if text[i] == "$" and name else text[i:end])
        i = end
    text = "".join(out)
    return text.encode("utf-8", "surrogateescape") if as_bytes else text
