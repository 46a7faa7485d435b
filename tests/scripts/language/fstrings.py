name, n, pi = "wörld", 42, 3.14159
print(f"hello {name}!", f"{name!r} {name!s} {name!a}", f"{n:5}|{n:<5}|{n:^5}|{n:05d}|{n:+}|{n:x}|{n:#b}")
w, p = 10, 2
print(f"{pi:{w}.{p}f}|{pi:.3}|{name:>{w}}|{name!r:*^{w + 2}}")
print(f"{n=} {n = } {n + 1=:>6} {name=!s}")
print(f"{{literal}} {{{n}}} {'nested ' + f'{n}'}")
print(f"{ {'a': 1}['a'] } {[i for i in range(3)]} {(lambda x: x * 2)(4)} {n if n else 0}")
print(f"""multi
{n}
line {name}""" f" joined {n}" " plain")
print(rf"\d{n}\n", f"\t{n}\x41\u00e9", f"{'a' 'b'}", f"{n!r:>4}")
print(f"{n:,} {1234567.891:,.2f} {0.25:.0%} {255:o} {65:c} {1e10:g}")
print(f"{n}{n}{n}" f"", f"", f"{''}")
print(f'{n:{"0"}{3 + 2}}', f"{n != 3} {n == 42} {n >= 1}")


class Fmt:
    def __format__(self, spec):
        return f"<{spec}>"

    def __repr__(self):
        return "Fmt()"


print(f"{Fmt()} {Fmt():abc} {Fmt()!r:>7} {Fmt()=}")
