# int: arithmetic over one and many limbs, text, bits, bytes, hashes.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


seed = 12345


def rnd(bits):
    global seed
    v = 0
    for _ in range(bits // 32 + 1):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        v = v << 32 | seed >> 32
    return v % (1 << bits)


edges = [0, 1, 2, 5, 7, 10, 1023, 1024, 2**31 - 1, 2**31, 2**32, 2**61 - 1, 2**62, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1,
         2**64, 2**64 + 1, 2**127, 2**128 - 1, 10**30, 3**100]
edges += [-v for v in edges]
total = 0
for a in edges:
    for b in edges:
        r = [a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a <= b, a == b, a != b, a > b, a >= b]
        if b:
            r += [a // b, a % b, divmod(a, b)]
            try:
                r.append(a / b)
            except OverflowError as e:
                r.append(str(e))
        total = (total * 31 + hash(tuple(map(str, r)) and len(str(r)))) % (1 << 61)
        if abs(a) < 100 or abs(b) > 2**60:
            print(a, b, r)
for i in range(300):
    a = rnd(1 + i * 7 % 500) * (-1) ** (i % 2)
    b = rnd(1 + i * 13 % 300) * (-1) ** (i // 2 % 2) or 3
    q, r = divmod(a, b)
    assert q * b + r == a and (r == 0 or (r < 0) == (b < 0)) and abs(r) < abs(b)
    print(q, r, a & b, a | b, a ^ b, ~a, a >> i % 70, a << i % 70, hash(a), a.bit_length(), a.bit_count(), float(a), a / b)
    assert int(str(a)) == a and int(hex(a), 16) == a and int(bin(a), 2) == a and int(oct(a), 0) == a
for n in [0, 1, -1, 255, 256, -128, -129, 65535, 2**63, -2**63, 2**64, -2**64, 10**25]:
    for size in [1, 2, 8, 9, 16]:
        for order in 'little', 'big':
            for signed in False, True:
                try:
                    data = n.to_bytes(size, order, signed=signed)
                    print(data, int.from_bytes(data, order, signed=signed) == n)
                except OverflowError as e:
                    print(e)
t(lambda: int.from_bytes([1, 2, 3], 'big'))
t(lambda: int.from_bytes(b'', 'big'))
t(lambda: (5).to_bytes())
t(lambda: (5).to_bytes(2, 'x'))
t(lambda: (5).to_bytes(-2, 'big'))
t(lambda: (0).to_bytes(0, 'big'))
for text in ['0', '  12  ', '-12', '+12', '1_000', '1__0', '_1', '1_', '0x1f', '0X1F', '0b101', '0o17', '017', '00', '', ' ',
             '-', '0x', '0x_1', '12a', '\u0663\u0664', '1 2', '\x001', '9' * 30, '1e5', '1.0']:
    for base in [10, 0, 16, 2, 36]:
        t(lambda: int(text, base))
t(lambda: int('1', 37))
t(lambda: int('1', 1))
t(lambda: int('z', 36))
t(lambda: int(b'12'))
t(lambda: int(b'1x'))
t(lambda: int(3.99))
t(lambda: int(-3.99))
t(lambda: int(1e30))
t(lambda: int([]))
t(lambda: int('1', base='x'))
t(lambda: int(5, 10))
t(lambda: int(base=10))
t(lambda: int(x=5))
for spec in ['', 'd', '5', '<5', '>5', '^5', '=5', '05', '+', ' ', '-', '+05', ',', '_', '#x', '#X', 'x', 'X', 'b', '#b', 'o',
             '#o', '_x', '_b', '#_x', '010,', '012_', '020_x', '*^20,', 'c', 'e', '.2f', '.3e', 'g', '%', '.1%', 'n', '#010x',
             '+#x', '=+10', '0=10', 'x<5']:
    for v in [0, 5, -5, 65, 1234567, -1234567, 2**70, True]:
        try:
            print(spec, v, repr(format(v, spec)))
        except Exception as e:
            print(spec, v, type(e).__name__, e)
for a, b, m in [(2, 10, 7), (2, -1, 7), (-3, 5, 7), (3, 5, -7), (2, 100, 2**64), (5, 0, 1), (2, -1, 4), (2, 3, 0), (10, 50, 10**9 + 7),
                (-2, -3, 11), (0, 0, 5)]:
    t(lambda: pow(a, b, m))
for a, b in [(2, 0), (0, 0), (2, 64), (-2, 63), (3, 40), (10, 25), (2, -2), (-2, -3), (0, -1), (1, 10**30), (-1, 10**30 + 1), (7, 1)]:
    t(lambda: a ** b)
for v in [15, 25, 35, -15, -25, 12345, 2**70, 0, 5, -5, 49, 50, 51, 150, 250]:
    print([round(v, -n) for n in range(-1, 6)], round(v), round(v, 2))
t(lambda: 1 << -1)
t(lambda: 1 >> -1)
t(lambda: 1 >> 10**30)
t(lambda: -1 >> 10**30)
t(lambda: 0 << 10**30)
t(lambda: 5 % 0)
t(lambda: 5 / 0)
t(lambda: 10**400 / 3)
t(lambda: 10**400 / 10**399)
t(lambda: 3 / 10**400)
t(lambda: float(10**400))
t(lambda: 1 + 'a')
t(lambda: 1 + None)
t(lambda: 'a' + 1)
t(lambda: 1 < 'a')
t(lambda: -True)
t(lambda: True + True)
t(lambda: True & 1)
t(lambda: True & False)
t(lambda: ~True)
print(True, False, repr(True), str(False), True == 1, hash(True), bool([]), bool('a'), True ^ True, isinstance(True, int))
print((5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate(), (5).as_integer_ratio(), (-7).__trunc__())
print(hash(-1), hash(2**61 - 1), hash(2**61), hash(-2**61), hash(2**200), hash(-(2**200)))
for e in range(1000, 1080, 7):
    print((2**e + 2**(e - 53)) / 2**(2 * e - 1000) if e < 1060 else 1, (2**e - 1) / 2**(e + 30))
for v in [2**53 + 1, 2**53 + 2, 2**53 + 3, 2**54 + 2, 2**54 + 6, 2**63 + 1024, 2**63 + 1025, 2**64 - 1, 2**1023, 2**1024 - 2**970 - 1]:
    print(float(v), float(-v), v == float(v), v < float(v), v > float(v))
t(lambda: float(2**1024 - 2**970))


class I(int):
    def __repr__(self):
        return 'I(%d)' % int(self)


print(I(5) + 1, type(I(5) + 1), I(5), [I(7)], type(+I(5)), I('0x1f', 16), I(2**70), hash(I(5)), I(3) == 3, {3: 1}[I(3)])
x = I(10)
x.name = 'ten'
print(x.name, x, str(x), '%d' % x, f'{x}', f'{x:4}', type(int(x)))


class Idx:
    def __index__(self):
        return 3


class Int:
    def __int__(self):
        return 4


print([10, 20, 30, 40][Idx()], int(Idx()), int(Int()), range(Idx()), 'a' * Idx(), hex(Idx()))
t(lambda: 10**5000 and str(10**5000))
t(lambda: len(hex(10**5000)))
t(lambda: int('1' * 5000))
