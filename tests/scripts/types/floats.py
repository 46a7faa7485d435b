# float: text, arithmetic, rounding, formats, hashes; complex.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


inf, nan = float('inf'), float('nan')
values = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 1e15, 1e16, 1e17, 123456789.123456789, 1e-4, 1e-5, 5e-324, 2.2250738585072014e-308,
          2.225073858507201e-308, 1.7976931348623157e308, 2**-44, 2**-1074 * 3, 9007199254740993.0, 1 / 3, 2 / 3, 1e22, 1e23, 4.35, 0.3,
          100.0, 12345.678, 1e100, inf, -inf, nan]
for e in range(-1074, 1024, 13):
    values.append(2.0 ** e)
for v in values:
    print(repr(v), str(v), hash(v) if v == v else 'nan', v.hex(), v.is_integer(), bool(v))
    if v == v:
        assert float(repr(v)) == v and float.fromhex(v.hex()) == v
seed = 99
for i in range(400):
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    v = (seed >> 11) / 2**53 * 10.0 ** (i % 40 - 20)
    print(v, -v, hash(v), '%.3f' % v, '%e' % v, '%g' % v, '%.10g' % v, format(v, '.4'), round(v, i % 8 - 2), round(v) if v < 1e15 else 0)
    assert float(repr(v)) == v
for a in [7.5, -7.5, 1e300, 0.0, -0.0, 3.0, inf, nan]:
    for b in [2.0, -2.0, 0.3, 1e-300, inf, -inf, nan, 3, 10**20]:
        print(a, b, a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b), a < b, a == b, a >= b, a != b)
for a in [2.0, -2.0, 0.0, -0.0, inf, -inf, nan, 0.5, 4.0]:
    for b in [0, 1, 2, -1, 0.5, 3.0, -3, inf, -inf, nan, 1000]:
        t(lambda: a ** b)
for spec in ['', '10', '<10', '>10', '^10', '010', '+', ' ', 'f', '.0f', '.1f', '.2f', '.10f', 'e', '.0e', '.3e', 'E', 'g', '.3g', 'G',
             '#.3g', '.0g', '%', '.1%', ',', ',.2f', '_', '012,.1f', '*^+15.2f', 'n', '.3', '.1', '#.0f', 'F', 'z.1f', '=+10.1f', '#.0e',
             '020', '.17g', '.20f']:
    for v in [0.0, -0.0, 1.0, 1.5, -1.5, 123456.789, 1e10, 1e-10, 1e16, -0.04, 9.995, inf, nan, 100.0]:
        try:
            print(spec, v, repr(format(v, spec)))
        except Exception as e:
            print(spec, v, type(e).__name__, e)
for text in ['1', ' 1.5 ', '1e5', '1E5', '.5', '5.', '.', '', 'e5', '1e', 'inf', '-inf', 'Infinity', 'nan', '-nan', 'infin', '1_0.0_1', '1__0',
             '_1.0', '1_.0', '1e1_0', '0x10', '1,5', '1 5', '\u0661.\u0665', '1e400', '-1e400', '1e-400', '12345678901234567890123',
             '0.1e-7', '+1', '--1', '1.5\x00', '1\n', 'NaN']:
    t(lambda: float(text))
for n in range(-3, 5):
    print([round(v, n) for v in [2.675, 1.005, 0.5, 1.5, 2.5, -2.5, 12345.6789, 1e22, 0.05, 150.0, 250.0, 50.0, -0.4]])
print([round(v) for v in [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 4503599627370497.5, 1e20]])
t(lambda: round(inf))
t(lambda: round(1.5, None))
t(lambda: round(1.5, 'a'))
t(lambda: round(5.5e307 * 3, -308))
for v in [0.5, 0.1, -3.0, 1e300, 5e-324, 0.0]:
    print(v.as_integer_ratio())
for text in ['0x1.8p+1', '0x.8', '1.8p1', '-0x1p-1074', 'inf', '-Infinity', 'nan', '0x1p1024', '', '0x', '0x1.', '1p', ' 0x1 ', 'abc', '0x1.fffffffffffff8p0']:
    t(lambda: float.fromhex(text))
print(1.5.real, 1.5.imag, 1.5.conjugate(), 1.9.__trunc__(), (-1.1).__floor__(), 1.1.__ceil__(), int(1e25), int(-2.5))
print(1.0 == 1, 1 == 1.0, 1.5 > 1, 2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53, 2.0**53 < 2**53 + 1, 10**400 > 1e308, -10**400 < -inf, 10**400 < inf)
print(hash(1.0) == hash(1), hash(0.5), hash(-0.5), hash(1e300), hash(inf), hash(-inf), {1: 'a'}[1.0])
print(1e500, -1e500, 1e-500, .5e-3, 1_000.5, 0.1 + 0.2, 1.1 * 1.1, 3.0 // 0.1, 3.0 % 0.1, -7.0 // 2, -7.0 % 2, 7.0 % -2)
print(max(1, 2.5), min(0.1, 0), sum([0.1] * 10), abs(-1.5), divmod(7.5, 2), pow(2.0, 3), pow(2, 0.5))
t(lambda: pow(2.0, 3, 5))
t(lambda: 1.5 + 'a')
t(lambda: 1.5 & 1)
t(lambda: 10**400 * 1.0)
t(lambda: float(None))


class F(float):
    pass


f = F(2.5)
f.tag = 1
print(f, F(1) + 1, type(F(1) + 1), repr(F(2)), hash(F(2)), F('3.5'), f.tag)


class HasFloat:
    def __float__(self):
        return 2.25


print(float(HasFloat()), '%.1f' % HasFloat())
for z in [0j, 1j, -1j, 1 + 2j, 1 - 2j, complex(0, -0.0), complex(-0.0, 1), 1e20 + 1e-5j, complex(inf, nan), 2 + 0j]:
    print(z, repr(z), z.real, z.imag, z.conjugate(), bool(z), -z, +z, z == z.real)
print((1 + 2j) + 1, (1 + 2j) * (3 - 1j), (1 + 2j) / (3 - 1j), (1 + 2j) ** 2, (1 + 2j) ** -1, abs(3 + 4j), 2 ** 1j == 2 ** 1j, hash(1 + 2j), hash(3 + 0j))
for text in ['1', '1j', '-1j', '1+2j', '1-2j', 'j', '+j', '-j', '1+j', '(1+2j)', ' ( 1+2j ) ', '1e5-1e-5j', '1 + 2j', '1+2', 'nan+infj', '', '1_0+1_0j', 'x', '1jj']:
    t(lambda: complex(text))
t(lambda: complex(1, 2))
t(lambda: complex(1j, 1j))
t(lambda: complex(imag=1.5))
t(lambda: complex(1.5))
t(lambda: complex([]))
t(lambda: complex(1, []))
t(lambda: format(1 + 2j, ''))
t(lambda: format(1.5 + 2j, '>20'))
t(lambda: format(1.5 + 2.25j, '.1f'))
t(lambda: format(1.5 + 2j, '010'))
t(lambda: format(1.5 + 2j, '+.2e'))
