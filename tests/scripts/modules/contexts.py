"""contextlib."""
import contextlib
import io
import os
import sys
from contextlib import (AsyncExitStack, ExitStack, asynccontextmanager, closing, contextmanager, nullcontext, redirect_stdout,
                        suppress)


def attempt(call, *args, **kwargs):
    try:
        print(repr(call(*args, **kwargs)))
    except BaseException as e:
        print(type(e).__name__, e, "cause", repr(e.__cause__), "context", repr(e.__context__))


@contextmanager
def tag(name, swallow=None):
    "makes a tag"
    print("<", name)
    try:
        yield name.upper()
    except Exception as e:
        print("caught", repr(e), "in", name)
        if swallow is None or not isinstance(e, swallow):
            raise
    finally:
        print(">", name)


with tag("a") as a, tag("b", KeyError):
    print(a)
    raise KeyError(1)


def leaves():
    with tag("c"):
        raise ValueError(2)


attempt(leaves)


@contextmanager
def bad(kind):
    if kind == 0:
        return
    yield 1
    if kind == 1:
        yield 2


for kind in (0, 1):
    def run():
        with bad(kind):
            pass
    attempt(run)


@contextmanager
def stops():
    yield


def inside():
    with stops():
        raise StopIteration("inner")


attempt(inside)


@contextmanager
def replaces():
    try:
        yield
    except KeyError as e:
        raise TypeError("other") from e


def replaced():
    with replaces():
        raise KeyError("k")


attempt(replaced)


@tag("deco")
def decorated(x):
    "doc"
    return x * 2


print(decorated(3), decorated.__name__, decorated.__doc__, tag.__doc__, tag.__name__)


class Thing:
    def close(self):
        print("closed")


with closing(Thing()) as t:
    print(type(t).__name__)
with suppress(KeyError, IndexError):
    [][1]
print("on")
out = io.StringIO()
with redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()))
with nullcontext(5) as five:
    print(five)

with ExitStack() as stack:
    print(stack.enter_context(tag("s1")), stack.enter_context(tag("s2")))
    stack.callback(print, "callback", 1, sep="-")
    stack.push(lambda t, v, tb: print("pushed", t) or True)
    raise OSError("suppressed")
print("after")


def chained():
    with ExitStack() as stack:
        stack.callback(lambda: 1 // 0)
        stack.callback(lambda: {}["k"])
        raise IndexError("first")


attempt(chained)
with ExitStack() as stack:
    stack.callback(print, "moved")
    kept = stack.pop_all()
print("nothing yet")
kept.close()
attempt(ExitStack().enter_context, 1)


@asynccontextmanager
async def atag(name):
    print("a<", name)
    try:
        yield name
    finally:
        print("a>", name)


async def main():
    async with atag("x") as x:
        print(x)
    try:
        async with atag("y"):
            raise ValueError("async")
    except ValueError as e:
        print("out", e)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(atag("z"))
        stack.enter_context(tag("sync"))
        stack.push_async_callback(acall, 1)
    async with nullcontext(1) as n, contextlib.aclosing(agen()) as g:
        print(n, [v async for v in g])


async def acall(n):
    print("acall", n)


async def agen():
    yield 1
    yield 2


try:
    main().send(None)
except StopIteration:
    pass
print(isinstance(ExitStack(), contextlib.AbstractContextManager), issubclass(int, contextlib.AbstractContextManager))
here = os.getcwd()
with contextlib.chdir("/"):
    print(os.getcwd())
print(os.getcwd() == here)
