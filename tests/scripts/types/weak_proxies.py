import weakref
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
class C:
    def __init__(self, x): self.x = x
    def __add__(self, o): return self.x + (o.x if isinstance(o, C) else o)
    def __len__(self): return 4
    def __call__(self, *a): return a
    def m(self): return self.x
c = C(3); p = weakref.proxy(c)
t(lambda: p.x); t(lambda: p + 4); t(lambda: p + p); t(lambda: len(p)); t(lambda: p(1, 2)); t(lambda: p.m()); t(lambda: isinstance(p, C)); t(lambda: type(p))
t(lambda: weakref.proxy(c) is p); t(lambda: weakref.getweakrefcount(c)); t(lambda: hash(p)); t(lambda: str(p).startswith('<__main__.C'))
p.y = 5; t(lambda: c.y); del p.y; t(lambda: hasattr(c, 'y')); t(lambda: p == c)
d = weakref.WeakValueDictionary(a=c); t(lambda: len(d)); t(lambda: list(d.items()) == [('a', c)])
wm = weakref.WeakMethod(c.m); t(lambda: wm()())
f = weakref.finalize(c, print, 'gone'); t(lambda: f.alive)
k = weakref.WeakKeyDictionary({c: 1}); t(lambda: k[c])
del c
t(lambda: p.x); t(lambda: len(d)); t(wm); t(lambda: f.alive); t(lambda: len(k)); t(lambda: bool(p))
