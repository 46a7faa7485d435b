"""What CPython's tests use of test.support.os_helper."""
import os

from test.support import context

TESTFN_ASCII = f"@test_{os.getpid()}_tmp"
TESTFN_UNICODE = TESTFN_ASCII + "\xe0\xf2\u0258\u0141\u011f"
TESTFN = TESTFN_UNICODE
FS_NONASCII = "\xe6"


class FakePath:
    """Anything with __fspath__."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        if isinstance(self.path, BaseException) or \
                isinstance(self.path, type) and issubclass(self.path, BaseException):
            raise self.path
        return self.path


def unlink(name):
    try:
        os.unlink(name)
    except OSError:
        pass


def rmtree(path):
    for name in os.listdir(path):
        full = path + "/" + name
        try:
            os.unlink(full)
        except IsADirectoryError:
            rmtree(full)
    os.rmdir(path)


@context
def temp_dir(path=None, quiet=False):
    path = path or os.path.abspath(TESTFN_ASCII + "_dir")
    os.mkdir(path)
    try:
        yield path
    finally:
        rmtree(path)


@context
def temp_cwd(name="tempcwd", quiet=False):
    before = os.getcwd()
    path = before + "/" + name
    os.mkdir(path)
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(before)
        rmtree(path)


class EnvironmentVarGuard:
    def __enter__(self):
        self.before = dict(os.environ)
        return self

    def set(self, name, value):
        os.environ[name] = value

    __setitem__ = set

    def unset(self, name):
        os.environ.pop(name, None)

    def __exit__(self, *exc):
        for name in list(os.environ):
            if name not in self.before:
                del os.environ[name]
        os.environ.update(self.before)
