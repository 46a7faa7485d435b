print(0, 00, 0x1F, 0o17, 0b101, 1_000_000, 0xdead_beef, 10 ** 30, -5, +5, ~5, 123456789012345678901234567890)
print(1.5, .5, 5., 1e3, 1E-3, 1_0.2_5, 1e400, -0.0, 3j, 1.5J, 2 + 3j)
print('a' "b" 'c', "it's", 'say "hi"', """tri"ple""", '''x'y''', 'tab\tnew\\n', "\x41\101\u00e9\U0001F600", "a\
b", repr("\a\b\f\v\0\x7f\xa0"), r"raw\n", u"u", R"\\")
print(b"bytes\x00\xff\n", rb"\n", Br"\t", b'a' b'b', b"\101")
print(True, False, None, ..., Ellipsis is ...)
print([], [1], [1, 2, ], (), (1,), (1, 2), {}, {1}, {1: 2}, {1: 2, **{3: 4}}, {1, *[2]})
print([1, 2, 3], [[]], ((),), {"a": [1, {"b": (2,)}]})
x = [0, 1, 2, 3, 4, 5]
print(x[0], x[-1], x[1:3], x[:2], x[3:], x[:], x[::2], x[::-1], x[-2:], x[1:-1:2], "abc"[1], (1, 2)[0])


class Sub:
    def __getitem__(self, key):
        return key


s = Sub()
print(s[1], s[1:2], s[::3], s[1, 2], s[1:2, ::3], s[...], s[:, 0], s[()], s[*[1, 2], 3])
print(1 + 2 * 3 ** 2 - 4 // 3 % 2, (1 + 2) * 3, -2 ** 2, 2 ** -1, 2 ** 3 ** 2, 7 // -2, -7 % 3, 1 << 3 | 1 & 3 ^ 2, 5 >> 1)
print("ab" * 3, [1] * 2 + [2], (1,) + (2,), "x" + "y", "%s-%d" % ("a", 5), not 1 == 2)
print(1 if 2 else 3, [1][0] if [1] else None, (lambda: 5)(), (lambda x, y=2: x + y)(1))
if True:
    pass; x = 5; print(x);
print(__name__, __debug__, type(__builtins__).__name__)
größe = 3
ﬁ = 4
print(größe, fi)
print((1,
       2), [
    3,  # comment
], {
    4: 5,
})
