class Awaitable:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return ("woke", got)


async def inner(n):
    r = await Awaitable(n)
    return r


class Acm:
    async def __aenter__(self):
        print("aenter", await Awaitable("enter"))
        return self

    async def __aexit__(self, *exc):
        print("aexit", exc[0] and exc[0].__name__)
        return True


class Aiter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def main():
    print(await inner(1))
    async with Acm() as a:
        print("body")
        raise ValueError
    async for y in Aiter(2):
        if y == 0:
            break
        print("y", y)
    else:
        print("else")
    print([z async for z in Aiter(3) if z != 1], {k: k async for k in Aiter(2)})
    print([await inner(i) for i in range(2)])
    try:
        return await inner("last")
    finally:
        print("finally")


def drive(coro):
    value = None
    while True:
        try:
            request = coro.send(value)
        except StopIteration as e:
            return e.value
        print("request", request)
        value = f"answer to {request}"


print(drive(main()))
c = inner(5)
print(type(c).__name__, c.send(None))
try:
    c.throw(KeyError("thrown"))
except KeyError as e:
    print("key", e)
