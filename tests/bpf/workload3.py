"""The part of the workload that 2.7 does not know: delegation, coroutines."""
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
        yield 1
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


def w_all3():
    list(w_outer(3))
    w_delegated_throw()
    w_coroutines()
    w_super()
