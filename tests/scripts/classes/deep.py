# Deep structures are freed, compared and shown without using up the C stack.
class Node:
    def __init__(self, next): self.next = next
n = None
for i in range(100000): n = Node(n)
n = None
l = []
for i in range(100000): l = [l]
l = None
t = ()
for i in range(100000): t = (t,)
t = None
d = {}
for i in range(100000): d = {"d": d}
d = None
f = None
for i in range(50000): f = (lambda g: lambda: g)(f)
f = None
class L(list): pass
x = L()
for i in range(100000): x = L([x])
x = None
e = None
for i in range(100000):
    new = ValueError(i); new.__context__ = e; e = new
new = e = None
m = lambda: 0
for i in range(50000): m = Node(m).__init__
m = None
r = []
for i in range(5000): r = [r]
try:
    repr(r)
except RecursionError as err:
    print(err)
a = []; b = []
for i in range(5000): a = [a]; b = [b]
try:
    a == b
except RecursionError as err:
    print(err)
class Rec:
    def __repr__(self): return repr(self)
    def __getattr__(self, n): return getattr(self, n)
    def __eq__(self, o): return self == o
    def __hash__(self): return hash(self)
    def __call__(self): return self()
    def __len__(self): return len(self)
for f in (repr, lambda o: o.x, lambda o: o == 1, hash, lambda o: o(), len):
    try:
        f(Rec())
    except RecursionError as err:
        print(type(err).__name__)
class Selfcall: pass
Selfcall.__call__ = Selfcall()
try:
    Selfcall()()
except RecursionError as err:
    print("RecursionError")
print("done")
