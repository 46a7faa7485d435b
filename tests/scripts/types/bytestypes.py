# bytes and bytearray.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


for cls in bytes, bytearray:
    for w in [b'', b'a', b'Hello World', b'  pad  ', b'a,b,,c', b'tab\there', b'x\ny\r\nz', b'\xff\x00\x80', b'123', b'aB1', b'It\'s', b'ba' * 4, b'"\'\\', b'-5']:
        w = cls(w)
        print(w, str(w), len(w), w.lower(), w.upper(), w.title(), w.capitalize(), w.swapcase(), w.isalnum(), w.isalpha(), w.isascii(), w.isdigit(),
              w.islower(), w.isspace(), w.istitle(), w.isupper(), w[::-1], w[1:], w[-2:], w[::2], w.center(8, b'*'), w.ljust(6), w.rjust(6, b'.'), w.zfill(5),
              w.strip(), w.lstrip(), w.rstrip(), w.strip(b'abc'), w.split(), w.split(b','), w.rsplit(b',', 1), w.splitlines(), w.splitlines(True),
              w.partition(b'b'), w.rpartition(b'b'), w.expandtabs(4), w.replace(b'b', b'XX'), w.replace(b'', b'-'), w.find(b'b'), w.rfind(98), w.count(b'b'),
              w.count(b''), w.startswith(b'a'), w.endswith((b'c', b'd')), w * 2, w + b'!', b'b' in w, 98 in w, w.hex(), w.hex(' '), w.hex('-', 2), w.hex(':', -2),
              list(w), w.removeprefix(b'a'), w.removesuffix(b'c'), bytes(reversed(w)), sorted(w), w == bytes(w), w < b'b', bool(w))
    t(lambda: cls())
    t(lambda: cls(3))
    t(lambda: cls([1, 2, 255]))
    t(lambda: cls(range(4)))
    t(lambda: cls('h\xe9', 'utf-8'))
    t(lambda: cls('h\xe9', 'ascii', 'replace'))
    t(lambda: cls(b'x'))
    t(lambda: cls(bytearray(b'y')))
    t(lambda: cls([256]))
    t(lambda: cls(['a']))
    t(lambda: cls(5, 'ascii'))
    t(lambda: cls('a', 5))
    t(lambda: cls(object()))
    t(lambda: cls.fromhex('00 fF 10'))
    t(lambda: cls.fromhex('0'))
    t(lambda: cls.fromhex('0g'))
    t(lambda: cls.maketrans(b'ab', b'xy')[97:99])
    t(lambda: cls(b'abcab').translate(bytes.maketrans(b'ab', b'xy')))
    t(lambda: cls(b'abcab').translate(None, b'a'))
    t(lambda: cls(b'abcab').translate(b'short'))
    t(lambda: cls(b', ').join([b'a', bytearray(b'b'), b'c']))
    t(lambda: cls(b'abc').index(b'z'))
    t(lambda: cls(b'abc').decode())
    t(lambda: cls(b'abc') + bytearray(b'd'))
    t(lambda: cls(b'a') + 'b')
    t(lambda: cls(b'a').center(5, 'x'))
    t(lambda: cls(b'a') < 'b')
    t(lambda: cls(b'a') == 'a')
    t(lambda: cls(b'%s-%d-%x-%5.1f|%-4s|%c%c') % (b'q', 5, 255, 1.5, b'z', 65, b'B'))
    t(lambda: cls(b'%(a)s') % {b'a': b'v'})
    t(lambda: cls(b'%a %r') % ('\xe9', 1))
    t(lambda: cls(b'%d') % 'a')
    t(lambda: cls(b'%s') % 'a')
    t(lambda: cls(b'%c') % 256)
    t(lambda: cls(b'a') % 1)
    t(lambda: cls(b'abc')[1])
    t(lambda: cls(b'abc')[-1:])
    t(lambda: cls(b'abc')['x'])
    t(lambda: hash(cls(b'abc')) == hash('abc'))
    t(lambda: cls(b'abc').find(b'c', -1))
    t(lambda: cls(b'abc').count(b'b', 1, 2))
    t(lambda: 300 in cls(b'abc'))
    t(lambda: 'a' in cls(b'abc'))
b = bytearray(b'hello')
b[0] = 72
b[1:3] = b'EEE'
b.append(33)
b.extend(b' x')
b.extend([65, 66])
b += b'!'
print(b)
b.insert(0, 1)
b.insert(-100, 2)
b.insert(100, 3)
print(b, b.pop(), b.pop(0), b)
b.remove(72)
b.reverse()
print(b, b.copy())
del b[0]
del b[1:3]
del b[::2]
print(b)
b[::2] = b'??'
print(b)
b *= 3
print(b, len(b))
b[1:1] = b'ins'
b[:2] = b''
b[5:100] = bytearray(b'tail')
b[:] = b[::-1]
print(b)
b.clear()
print(b)
for i in range(1000):
    b.append(i % 256)
while len(b) > 5:
    del b[:3]
print(b)
t(lambda: b.__setitem__(slice(None, None, 2), b'x'))
t(lambda: b.__setitem__(10, 1))
t(lambda: b.__setitem__(0, 256))
t(lambda: b.__setitem__(slice(0, 1), 'a'))
t(lambda: b.__setitem__(slice(0, 1), 5))
t(lambda: b.extend('abc'))
t(lambda: b.extend(5))
t(lambda: b.extend([300]))
t(lambda: hash(b))
print({b'a': 1}[b'a'], b'a' b'b', br'\n', b'\x41\101\n', bytes(b'abc') is bytes(b'abc') or True)


class B(bytes):
    pass


x = B(b'abc')
x.y = 1
print(x, type(x), type(x[:]), x == b'abc', hash(x) == hash(b'abc'), x.y, type(x + b''), B([1, 2]), B('a', 'ascii'))


class HasBytes:
    def __bytes__(self):
        return b'own'


print(bytes(HasBytes()), b'%b' % HasBytes())
it = iter(b'ab')
print(next(it), list(it), list(it), list(bytearray(b'xy')))
