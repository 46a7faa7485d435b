"""json: what is read, what is written, what is refused."""
import json


def show(f, *args, **kw):
    try:
        print(repr(f(*args, **kw)))
    except Exception as e:
        print(type(e).__name__, e)


for text in ('null', ' true ', '[]', '{}', '[1, -2, 0, 3.5, 1e3, 1E-2, -0, -0.0, 12345678901234567890]', '{"a": {"b": [1, {"c": null}]}, "a2": "x"}',
             r'"\u00e9\n\t\"\\\/\b\f\r\ud834\udd1e\ud800"', '"héllo 𝒳"', 'NaN', '[Infinity, -Infinity]', '[1,]', '[1 2]', '{"a" 1}', '{a: 1}', '{"a": 1,}', '{1: 2}',
             '"abc', '"a\nb"', r'"\x"', r'"\u12"', '', '  ', 'nul', '01', '1.', '-', '+1', '.5', '[', '{', '{"a"', '{"a":', '[1', 'true false', '"\\', '[1]]', "'a'", '1e', '1e+', '[\n1,\n x]'):
    show(json.loads, text)
show(json.loads, b'{"a": "\xc3\xa9"}')
show(json.loads, '"x"'.encode("utf-16"))
show(json.loads, "\ufeff1")
show(json.loads, 3)
show(json.loads, '{"a": 1, "a": 2}', object_pairs_hook=list)
show(json.loads, '{"a": {"b": 1}}', object_hook=lambda d: sorted(d))
show(json.loads, '[1.5, 2, NaN]', parse_float=str, parse_int=lambda s: s + "i", parse_constant=lambda s: "<" + s)
show(json.loads, '"a\tb"', strict=False)
print(json.JSONDecoder().raw_decode("[1] tail"))
circular = []
circular.append(circular)


class Number(int):
    def __repr__(self):
        return "no"


for value in (None, True, 1, -1.5, 1e100, 1e-7, "a\"b\\c\n\x01\x7fé𝒳\u2028", [], {}, (1, [2, (3,)]), {"a": [1, {"b": None}], "c": {}}, {1: 2, None: 3, True: 4, 1.5: 5, "s": 6},
              float("nan"), [float("inf"), float("-inf")], Number(3), circular, {(1, 2): 3}, {1}, b"x", 1j, 10**30):
    show(json.dumps, value)
value = {"b": [1, 2, {"x": []}], "a": {}, "c": {"é": [[], [[]]]}}
for kw in (dict(indent=2), dict(indent="\t", sort_keys=True), dict(separators=(",", ":")), dict(ensure_ascii=False), dict(indent=0), dict(indent=1, separators=(";", "="))):
    print(json.dumps(value, **kw))
show(json.dumps, {(1,): 2, "a": 3}, skipkeys=True)
show(json.dumps, float("nan"), allow_nan=False)
show(json.dumps, {1, 2}, default=sorted)


class Encoder(json.JSONEncoder):
    def default(self, o):
        return {"complex": [o.real, o.imag]} if isinstance(o, complex) else super().default(o)


show(json.dumps, [1j, {"k": 2 + 3j}], cls=Encoder)
show(json.dumps, {1}, cls=Encoder)
for _ in range(3):
    value = [value, {"k": value}]
print(json.loads(json.dumps(value)) == json.loads(json.dumps(value, indent=3)))
