import math


def show(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


inf, nan = math.inf, math.nan
print(math.pi, math.e, math.tau, math.inf, math.nan)
values = [0, 1, -1, 0.5, -0.5, 2, 10, 100, -7.25, 1e-10, 800.0, 1e300, inf, -inf, nan, True, 10**400]
for name in ("acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp2 expm1 fabs log1p sin sinh sqrt tan tanh degrees radians "
             "isnan isinf isfinite ceil floor trunc log log2 log10 frexp modf ulp").split():
    print(name, [r if isinstance(r, (str, bool, tuple, int)) else f"{r:.12g}" for r in (show(getattr(math, name), v) for v in values)])
for name in "gamma lgamma".split():
    print(name, [r if isinstance(r, str) else f"{r:.10g}" for r in (show(getattr(math, name), v) for v in (1, 5, 0.5, -0.5, 10.5, 0, -1, inf, -inf, nan, 171.0, 172.0))])
print(show(math.sqrt, "x"), show(math.sqrt), show(math.floor, "x"), show(math.trunc, "x"), show(math.trunc, 5), show(math.atan2, 1))
pairs = [(1, 2), (-1, 2), (5.5, -2), (0.0, -0.0), (inf, 1), (1, inf), (nan, 1), (2, 0), (0, -1), (10, 400), (-8, 1 / 3), (7, 3)]
for name in "atan2 copysign nextafter fmod remainder pow".split():
    print(name, [show(getattr(math, name), *p) for p in pairs])
print([show(math.log, *p) for p in ((8, 2), (100, 10), (0,), (-1,), (2**2000, 2), (10**400,), (5, 1), (5, 0))])
print([show(math.ldexp, *p) for p in ((1.5, 3), (1.5, 10000), (1.5, -10000), (0.0, 10**30), (1.0, 10**30), (1.0, -(10**30)), (1.0, 2.0))])
print([show(math.isclose, *p) for p in ((1, 1 + 1e-10), (1, 1.1), (inf, inf), (inf, 1), (nan, nan))], show(math.isclose, 1, 1.1, rel_tol=0.2),
      show(math.isclose, 0, 1e-10, abs_tol=1e-9), show(math.isclose, 1, 2, rel_tol=-1))
print(math.hypot(), math.hypot(3), math.hypot(3, 4), math.dist((1, 2), (4, 6)), show(math.dist, (1,), (1, 2)))
print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), math.fsum([]), show(math.fsum, [inf, -inf]), math.fsum([1e-16, 1, 1e16]),
      math.fsum([inf, 1]), show(math.fsum, [1e308] * 3), show(math.fsum, ["a"]), math.fsum([2.0**53, 1.0, 2.0**-100]))
print(math.prod([1, 2, 3]), math.prod([]), math.prod([2.5, 2], start=3), math.prod("ab", start=1) if False else "", show(math.prod, 5))
print(math.gcd(), math.gcd(12, 18), math.gcd(-4), math.gcd(0, 0), math.gcd(2**100, 6**50, 10**30), show(math.gcd, 1.5))
print(math.lcm(), math.lcm(4, 6), math.lcm(0, 5), math.lcm(-3, 7), math.lcm(2, 3, 5))
print([math.factorial(n) for n in (0, 1, 2, 5, 20, 21, 50)], show(math.factorial, -1), show(math.factorial, 1.5), show(math.factorial, 10**30))
print(math.comb(5, 2), math.comb(5, 7), math.comb(100, 50), math.comb(0, 0), show(math.comb, -1, 2), show(math.comb, 3, -2), math.perm(5), math.perm(5, 2),
      math.perm(3, 5), show(math.perm, -1), math.perm(5, None))
print([math.isqrt(n) for n in (0, 1, 2, 15, 16, 10**40, 2**64 - 1)], show(math.isqrt, -1), show(math.isqrt, 2.0))


class Number:
    def __ceil__(self):
        return "ceil"

    def __floor__(self):
        return "floor"

    def __trunc__(self):
        return "trunc"

    def __float__(self):
        return 0.25


print(math.ceil(Number()), math.floor(Number()), math.trunc(Number()), math.sqrt(Number()))
