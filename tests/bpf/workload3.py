"""The part of the workload that 2.7 does not know: delegation, coroutines."""
from __future__ import generator_stop

w_leaf = w_plain = w_recursive = w_generator = None


def given(*functions):
    """Functions of workload.py, which is the main program."""
    global w_leaf, w_plain, w_recursive, w_generator
    w_leaf, w_plain, w_recursive, w_generator = functions


def w_delegate(n):
    result = yield from w_generator(n)
    w_leaf(result)
    return 7


def w_outer(n):
    w_leaf((yield from w_delegate(n)))


def w_delegated_throw():
    g = w_outer(4)
    next(g)
    g.throw(ValueError)
    w_leaf(1)
    next(g)
    try:
        g.throw(KeyError)
    except KeyError:
        w_plain()
    w_recursive(2)


class Ready:
    def __await__(self):
        try:
            yield 1
        finally:
            w_leaf(3)
        return 2


async def w_coroutine(n):
    value = await Ready()
    w_leaf(value)
    return n


async def w_awaiting():
    return await w_coroutine(1) + await w_coroutine(2)


def w_coroutines():
    c = w_awaiting()
    try:
        while True:
            c.send(None)
    except StopIteration:
        w_leaf(0)


class W3:
    def w_method(self, n):
        return n


class V3(W3):
    def w_method(self, n):
        return super().w_method(n) + 1


def w_super():
    V3().w_method(1)


async def w_numbers(n):
    try:
        for i in range(n):
            got = yield w_leaf(i)
            if got:
                w_leaf(got)
            await Ready()
    except ValueError:
        w_leaf(-1)
    finally:
        await Ready()
        w_leaf(-2)


class Manager:
    async def __aenter__(self):
        return await Ready()

    async def __aexit__(self, *exception):
        w_leaf(await Ready())
        return True


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return await w_coroutine(self.n)


async def w_async_statements():
    async for number in w_numbers(3):
        w_leaf(number)
    async for number in Countdown(2):
        w_leaf(number)
    else:
        w_plain()
    async with Manager() as one, Manager():
        w_leaf(one)
        raise KeyError
    return sum([w_leaf(i) async for i in w_numbers(2) if await w_coroutine(i)])


async def w_async_methods():
    numbers = w_numbers(5)
    await numbers.__anext__()
    await numbers.asend(3)
    try:
        await numbers.athrow(ValueError)
    except StopAsyncIteration:
        w_leaf(0)
    numbers = w_numbers(5)
    await numbers.__anext__()
    await numbers.aclose()
    numbers = w_numbers(5)
    await numbers.__anext__()
    try:
        await numbers.athrow(KeyError)
    except KeyError:
        w_leaf(0)


def w_to_its_end(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        return end.value


def w_left_in_between():
    c = w_awaiting()
    c.send(None)
    c.close()
    c = w_awaiting()
    c.send(None)
    try:
        c.throw(KeyError)
    except KeyError:
        w_leaf(1)
    # Dropped; a local variable would be kept by what a profiler sees of the frame.
    w_awaiting().send(None)
    next(w_outer(3))


def w_from_finally(n):
    for i in range(n):
        try:
            try:
                w_raise(i)
            finally:
                w_leaf(i)
        except (KeyError, ValueError):
            continue
        finally:
            w_leaf(i)


def w_raise(i):
    try:
        if i % 2:
            raise KeyError(i)
        w_leaf(1 // 0)
    except ZeroDivisionError as error:
        raise ValueError from error


def w_stops(n):
    yield n
    raise StopIteration


def w_exceptions():
    w_from_finally(4)
    g = w_stops(1)
    try:
        list(g)
    except RuntimeError:
        w_leaf(0)


def w_dynamic():
    names = {"w_leaf": w_leaf, "w_generator": w_generator}
    eval("w_leaf(w_leaf(1))", names)
    exec("""
class w_Body:
    w_leaf(1)
    def w_inner(self):
        yield from w_generator(2)
        exec("def w_innermost(): yield w_leaf(2)\\nlist(w_innermost())", {"w_leaf": w_leaf})
list(w_Body().w_inner())
try:
    exec("w_leaf(3); 1 // 0")
except ZeroDivisionError:
    w_leaf(4)
""", names)


def w_all3():
    list(w_outer(3))
    w_delegated_throw()
    w_coroutines()
    w_super()
    w_to_its_end(w_async_statements())
    w_to_its_end(w_async_methods())
    w_left_in_between()
    w_exceptions()
    w_dynamic()
