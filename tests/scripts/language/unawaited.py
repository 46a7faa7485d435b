"""A coroutine that is dropped before it was started."""
import gc
import warnings


async def forgotten(n):
    return n


async def awaits():
    return await forgotten(1)


def drop():
    kept = forgotten(2)


def generator():
    yield


async def async_generator():
    yield


with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    forgotten(0)
    drop()
    closed = forgotten(3)
    closed.close()
    del closed
    started = awaits()
    try:
        started.send(None)
    except StopIteration as end:
        print(end.value)
    del started
    generator()
    async_generator()
    cycle = [forgotten(4)]
    cycle.append(cycle)
    del cycle
    gc.collect()
    try:
        forgotten(5), 1 // 0
    except ZeroDivisionError as error:
        print(repr(error.__context__))
for warning in seen:
    print(warning.category.__name__, warning.message, warning.lineno)
