async def agen():
    for i in range(3):
        x = yield i
        print('got', x)
async def main():
    async for x in agen():
        print(x)
    g = agen()
    print(await g.asend(None), await g.asend(5))
    try: await g.athrow(ValueError('x'))
    except ValueError as e: print(repr(e))
    await g.aclose()
    print([x async for x in agen()])
    print(await anext(agen(), 4))
    h = agen()
    await anext(h); await anext(h); await anext(h)
    print(await anext(h, 'dflt'))
    return 7
try:
    main().send(None)
except StopIteration as e: print(e.value)
import weakref
def g(): yield
q = g()
print(weakref.ref(q)() is q)
