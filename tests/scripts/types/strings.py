# str: every method, slices, formats, Unicode kinds, codecs.
def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


words = ['', 'a', 'abc', 'Hello World', 'hello', 'HELLO', '  pad  ', 'a,b,,c', 'tab\there', 'x\ny\r\nz', '\xe9t\xe9', '\xdf', '\u0130', '\u03a3\u03a3',
         'A\u03a3', '\u4e2d\u6587', '\U0001f600 ok', '123', '\xb2', '\u0663', '\u2167', 'aB1', '_x', '1x', 'Ab Cd', 'It\'s', '\ufb01n', '\u01c5', 'a\u0301',
         '\x00', 'a\\b\'c"d', '\ud800', '\x7f\x80\xad', '\u2028', 'ba' * 5, '-5', '+5']
for w in words:
    print(ascii(w), ascii(repr(w)), len(w), ascii(w.lower()), ascii(w.upper()), ascii(w.title()), ascii(w.capitalize()),
          ascii(w.swapcase()), ascii(w.casefold()), w.isalnum(), w.isalpha(), w.isascii(), w.isdecimal(), w.isdigit(), w.isidentifier(),
          w.islower(), w.isnumeric(), w.isprintable(), w.isspace(), w.istitle(), w.isupper(), ascii(w[::-1]), ascii(w[1:]), ascii(w[-2:]),
          ascii(w[::2]), ascii(w.center(7, '*')), ascii(w.center(8)), ascii(w.ljust(6, '.')), ascii(w.rjust(6)), ascii(w.zfill(6)),
          ascii(w.strip()), ascii(w.lstrip()), ascii(w.rstrip()), ascii(w.strip('abcd')), w.split(), ascii(w.split(',')), ascii(w.splitlines()),
          ascii(w.splitlines(True)), ascii(w.partition('b')), ascii(w.rpartition('b')), ascii(w.expandtabs()), ascii(w.expandtabs(4)),
          ascii(w.replace('b', '\u20ac')), ascii(w.replace('', '-')), ascii(w.replace('b', '', 1)), w.find('b'), w.rfind('b'), w.count('b'),
          w.count(''), w.startswith('a'), w.endswith(('c', 'd')), ascii(w * 2), ascii(w + '\u20ac'), 'b' in w, hash(w) == hash(w + ''))
chars = ''.join(chr(i) for i in range(0x20, 0x250))
print(ascii(chars.upper()), ascii(chars.lower()), ascii(chars.title()), ascii(chars.casefold()), ascii(chars.swapcase()))
for name in ['isalnum', 'isalpha', 'isdecimal', 'isdigit', 'isidentifier', 'islower', 'isnumeric', 'isprintable', 'isspace', 'istitle', 'isupper']:
    print(name, [i for i in range(0x180) if getattr(chr(i), name)()][:400])
for a in ['', 'a', 'ab', 'aXbXc', '  a  b  ', 'XXaXX', 'a\u20acb']:
    for sep in [None, 'X', 'XX', ' ', '\u20ac']:
        for n in [-1, 0, 1, 2]:
            print(ascii(a.split(sep, n)), ascii(a.rsplit(sep, maxsplit=n)))
for s in ['mississippi', 'aaa', '\u20aciss\u20ac', '']:
    for sub in ['iss', 'a', '', 'ppi', '\u20ac', 'zz']:
        print([s.find(sub), s.rfind(sub), s.count(sub), s.find(sub, 2), s.rfind(sub, 0, -2), s.count(sub, 1, 100), s.find(sub, 100), s.find(sub, -3)])
        t(lambda: s.index(sub))
        t(lambda: s.rindex(sub, 3))
print('a-b-c'.removeprefix('a-'), 'a-b-c'.removesuffix('-c'), 'abc'.removeprefix('x'), 'abc'.removesuffix('abcd'))
print('-'.join(['a', 'b', '\u4e2d']) == 'a-b-\u4e2d', ''.join([]), ''.join(('x',)), ','.join('abc'), ' '.join({'k': 1}))
t(lambda: ','.join(['a', 1]))
t(lambda: 'abc'[3])
t(lambda: 'abc'[-4])
t(lambda: 'abc'[10**30])
t(lambda: 'abc'[1.5])
t(lambda: 'abc'.center())
t(lambda: 'abc'.center('x'))
t(lambda: 'abc'.center(5, 'xx'))
t(lambda: 'abc'.split(''))
t(lambda: 'abc'.split(sep='b', maxsplit=1))
t(lambda: 'abc'.split(x=1))
t(lambda: 'abc'.replace('a'))
t(lambda: 'abc'.find())
t(lambda: 'abc'.upper(1))
t(lambda: 'a' < 1)
t(lambda: 1 in 'a')
t(lambda: 'a' * -1)
t(lambda: 'a' * 10**20)
t(lambda: 'ab' * (2**62))
t(lambda: str(b'abc', 'ascii'))
t(lambda: str(b'\xff', 'utf-8'))
t(lambda: str(b'\xff', errors='replace'))
t(lambda: str('a', 'ascii'))
t(lambda: str(1, 'ascii'))
t(lambda: str(object=5))
t(lambda: str())
t(lambda: chr(-1))
t(lambda: chr(0x110000))
t(lambda: ord('ab'))
t(lambda: [chr(i) for i in (65, 233, 8364, 128512)])
t(lambda: str.maketrans('abc', 'xyz', 'd'))
t(lambda: 'abcd'.translate(str.maketrans('abc', 'xyz', 'd')))
t(lambda: 'abcd'.translate({97: 'AA', 98: None, 99: 0x20ac}))
t(lambda: str.maketrans({'a': 1, 98: 'x'}))
t(lambda: str.maketrans({'ab': 1}))
t(lambda: str.maketrans('a', 'bc'))
t(lambda: 'a'.translate({97: -1}))
t(lambda: 'a'.translate({97: 1.5}))
t(lambda: 'a'.translate([]))
for text in ['abc', '\xe9', '\u20ac', '\U0001f600', '\ud800', 'a\udcffb', '']:
    for enc in ['utf-8', 'ascii', 'latin-1', 'utf-16', 'utf-16-le', 'UTF_16_BE', 'utf-32', 'utf-8-sig', 'nope']:
        for errors in ['strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass', 'xmlcharrefreplace']:
            t(lambda: text.encode(enc, errors))
for data in [b'abc', b'\xc3\xa9', b'\xff\xfe', b'\xe2\x82', b'\xe2\x82\xac', b'\xed\xa0\x80', b'\xf0\x9f\x98\x80', b'\xf5', b'a\x80b', b'\xc0\x80', b'\xe0\x80\x80',
             b'\xf4\x90\x80\x80', b'\xf0\x9f\x98', b'\xe2(\xa1', b'\xff\xfea\x00', b'\xfe\xff\x00a', b'a\x00', b'a\x00b', b'\x00\xd8', b'\x00\xd8\x00\xdc']:
    for enc in ['utf-8', 'ascii', 'latin-1', 'utf-16', 'utf-16-le', 'utf-32']:
        for errors in ['strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape']:
            t(lambda: data.decode(enc, errors))
for spec in ['', '5', '<5', '>5', '^5', '*^7', '.2', '5.1', '05', 's', '10s', '\u20ac>5', '<<5', '.0', '=5', 'd', '+', '#', ',']:
    t(lambda: format('abc', spec))
    t(lambda: '{:{}}'.format('\u4e2d', spec))


class A:
    x = 5
    d = {'k': [1, 2, {'z': 3}]}

    def __format__(self, spec):
        return '<%s>' % spec

    def __repr__(self):
        return 'A\u20ac'

    def __str__(self):
        return 'sA'


a = A()
t(lambda: '{} {} {}'.format(1, 'a', None))
t(lambda: '{0} {1} {0}'.format(1, 2))
t(lambda: '{x} {y!r} {z:>5}'.format(x=1, y='q', z=3))
t(lambda: '{0.x} {0.d[k][2][z]} {0.d[k][0]}'.format(a))
t(lambda: '{!r} {!s} {!a} {:spec}'.format(a, a, a, a))
t(lambda: '{{}} {{{}}}'.format(1))
t(lambda: '{:{w}.{p}f}'.format(3.14159, w=10, p=2))
t(lambda: '{:{}}'.format('x', 5))
t(lambda: '{[0]} {[k]}'.format([1], {'k': 2}))
t(lambda: '{a[0]}{a[-1]}'.format(a={'0': 1, 0: 2, '-1': 3}))
t(lambda: '{}'.format_map({'a': 1}))
t(lambda: '{a} {b}'.format_map({'a': 1, 'b': '\u20ac'}))
t(lambda: '{a}'.format_map({}))
t(lambda: '{0!z}'.format(1))
t(lambda: '{:d}'.format('a'))
t(lambda: '{0:{1}{2}}'.format(5, '>', 4))
t(lambda: '{:%}'.format(0.5))
t(lambda: '{:,} {:_}'.format(10**9, 10**9))
t(lambda: '{0:}'.format(5))
t(lambda: '{a.b}'.format(a=1))
t(lambda: '}{'.format())
t(lambda: 'a}'.format())
t(lambda: '{a'.format(a=1))
t(lambda: '{a:{b}'.format(a=1, b=2))
t(lambda: '{0x}'.format(1))
t(lambda: '{ 0 }'.format(1))
t(lambda: '{99999999999999999999}'.format(1))
for fmt, args in [('%s', 1), ('%5s|', 'a'), ('%-5s|', 'a'), ('%.2s|', 'abc'), ('%5.1s|', 'abc'), ('%r', 'a'), ('%a', '\u20ac'), ('%d', 5), ('%5d|', 5),
                  ('%-5d|', 5), ('%05d', 5), ('%+d', 5), ('% d', 5), ('%05d', -5), ('%+05d', 5), ('%x', 255), ('%#x', 255), ('%X', 255), ('%#X', 255),
                  ('%o', 8), ('%#o', 8), ('%.5d', 5), ('%8.5d|', -5), ('%-8.5d|', 5), ('%c', 65), ('%c', 'z'), ('%3c|', 'z'), ('%%', ()), ('%5%|', ()),
                  ('%f', 1.5), ('%.0f', 2.5), ('%10.3f|', 3.14159), ('%-10.3f|', 3.14159), ('%+.2e', 1234.5), ('%g', 1e10), ('%G', 1e-10), ('%#g', 1.0),
                  ('%010.2f', -3.5), ('%d', 3.99), ('%d', True), ('%s %s', ('a', 'b')), ('%(a)s %(b)d', {'a': 1, 'b': 2}), ('%*d|', (5, 3)), ('%-*d|', (5, 3)),
                  ('%.*f', (2, 3.14159)), ('%*d|', (-5, 3)), ('%s', ((1, 2),)), ('%s', [1, 2]), ('%s', {'a': 1}), ('%(a)s', {'a': (1, 2)}), ('abc', {}), ('abc', []),
                  ('%i', 7), ('%u', 7), ('%ld', 7), ('%F', 1e5), ('%x', -255), ('%#o', -8), ('%e', 0), ('%f', 10**20), ('%d', 10**25), ('%x', 10**25),
                  ('\u20ac%s', 'x'), ('%s', '\u20ac'), ('%5s|', '\u20ac'), ('%(a)', {'a': 1}), ('%d', '5'), ('%d', None), ('%x', 2.0), ('%s', ()), ('%y', 1), ('%', 1),
                  ('%c', 'ab'), ('%c', 0x110000), ('%c', 1.5), ('%.99999999999d', 1), ('%99999999999d', 1), ('%s', a), ('%r', a), ('%a', a), ('%c', 0x20ac),
                  ('%(a)s %s', {'a': 1}), ('%f', float('nan')), ('%5.1f|', float('-inf')), ('%05f', float('inf'))]:
    t(lambda: fmt % args)
x, y = 10, 'text'
print(f'{x} {y!r} {x:>5} {x:#x} {y:*^10} {x + 1} {{}} {x=} {y = !s} {"nested " + f"{x}"} {x:{5}} {3.14159:.2f}')


class S(str):
    pass


s = S('hello')
s.attr = 1
print(s, type(s), type(s + ''), type(s.upper()), type(str(s)), s == 'hello', hash(s) == hash('hello'), {'hello': 1}[s], s.attr, type(s[:]), len(s), S('\u4e2d\U0001f600x')[1:] == '\U0001f600x')
print(S(b'abc', 'ascii'), S(), repr(S('a')), S('x') in 'xyz', 'x' in S('xyz'), type(S('a') * 1), type(S('a').strip()), type('%s' % S('a')))
r = ''
for i in range(300):
    r += chr(i * 37 % 1000 + 32)
print(len(r), ascii(r[:20]), hash(r) == hash(''.join(list(r))))
print([ascii(c) for c in 'a\xe9\u20ac\U0001f600'], list(reversed('abc')), sorted('hello'), max('abc'), min('abc'), 'abc' < 'abd', 'a' < 'B', '\u20ac' > 'a', 'a' == '\u20ac', 'ab' > 'a')
it = iter('abc')
print(next(it), it.__length_hint__(), list(it), list(it))
