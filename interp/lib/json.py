# SPDX-License-Identifier: BSD-2-Clause
"""JSON, read and written; a part of minipy."""
_WHITESPACE = " \t\n\r"
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_NAMED = {"null": None, "true": True, "false": False, "NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_DIGITS = "0123456789"


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        self.lineno = doc.count("\n", 0, pos) + 1
        self.colno = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {self.lineno} column {self.colno} (char {pos})")
        self.msg, self.doc, self.pos = msg, doc, pos

    def __reduce__(self):
        return type(self), (self.msg, self.doc, self.pos)


# -- reading ------------------------------------------------------------------------------------
def _skip(text, i):
    while text[i:i + 1] in _WHITESPACE and i < len(text):
        i += 1
    return i


def _hex4(text, i):
    """The four hexadecimal digits at i."""
    digits = text[i:i + 4]
    if len(digits) == 4 and all(c in "0123456789abcdefABCDEF" for c in digits):
        return int(digits, 16)
    raise JSONDecodeError("Invalid \\uXXXX escape", text, i - 1)


def _scan_string(text, i, strict):
    """(string, index behind it); i is behind the opening quote."""
    parts, begin = [], i - 1
    while True:
        quote = text.find('"', i)
        if quote < 0:
            raise JSONDecodeError("Unterminated string starting at", text, begin)
        slash = text.find("\\", i, quote)
        end = quote if slash < 0 else slash
        chunk = text[i:end]
        if strict and not chunk.isprintable():
            for at, c in enumerate(chunk, i):
                if c < " ":
                    raise JSONDecodeError("Invalid control character at", text, at)
        parts.append(chunk)
        if slash < 0:
            return "".join(parts), quote + 1
        c = text[slash + 1:slash + 2]
        i = slash + 2
        if c == "u":
            code = _hex4(text, i)
            i += 4
            if 0xd800 <= code <= 0xdbff and text[i:i + 2] == "\\u":
                low = _hex4(text, i + 2)
                if 0xdc00 <= low <= 0xdfff:
                    code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00))
                    i += 6
            parts.append(chr(code))
        elif not c:
            raise JSONDecodeError("Unterminated string starting at", text, begin)
        elif c in _ESCAPES:
            parts.append(_ESCAPES[c])
        else:
            raise JSONDecodeError("Invalid \\escape", text, slash)


def _digits(text, i):
    while text[i:i + 1] in _DIGITS and i < len(text):
        i += 1
    return i


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None,
                 strict=True, object_pairs_hook=None):
        self.object_hook, self.object_pairs_hook, self.strict = object_hook, object_pairs_hook, strict
        self.parse_float, self.parse_int = parse_float or float, parse_int or int
        self.parse_constant = parse_constant or _NAMED.__getitem__

    def decode(self, s):
        value, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError("Extra data", s, end)
        return value

    def raw_decode(self, s, idx=0):
        """(value, index behind it)."""
        return self._value(s, idx)

    def _value(self, text, i):
        c = text[i:i + 1]
        if c == '"':
            return _scan_string(text, i + 1, self.strict)
        if c == "{":
            return self._object(text, i + 1)
        if c == "[":
            return self._array(text, i + 1)
        if c and c in "-0123456789":
            number = self._number(text, i)
            if number:
                return number
        for name in _NAMED:
            if c and name[0] == c and text.startswith(name, i):
                value = self.parse_constant(name) if name[-1] in "Ny" else _NAMED[name]
                return value, i + len(name)
        raise JSONDecodeError("Expecting value", text, i)

    def _number(self, text, i):
        start = i
        i += text[i] == "-"
        end = i + 1 if text[i:i + 1] == "0" else _digits(text, i)
        if end == i:
            return None
        is_float = False
        if text[end:end + 1] == "." and _digits(text, end + 1) > end + 1:
            end, is_float = _digits(text, end + 1), True
        if text[end:end + 1] in ("e", "E"):
            sign = end + 1 + (text[end + 1:end + 2] in ("+", "-"))
            if _digits(text, sign) > sign:
                end, is_float = _digits(text, sign), True
        return (self.parse_float if is_float else self.parse_int)(text[start:end]), end

    def _object(self, text, i):
        pairs, names = [], {}
        i = _skip(text, i)
        if text[i:i + 1] == "}":
            return self._finish([]), i + 1
        if text[i:i + 1] != '"':
            raise JSONDecodeError("Expecting property name enclosed in double quotes", text, i)
        while True:
            key, i = _scan_string(text, i + 1, self.strict)
            i = _skip(text, i)
            if text[i:i + 1] != ":":
                raise JSONDecodeError("Expecting ':' delimiter", text, i)
            value, i = self._value(text, _skip(text, i + 1))
            pairs.append((names.setdefault(key, key), value))
            i = _skip(text, i)
            c = text[i:i + 1]
            if c == "}":
                return self._finish(pairs), i + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", text, i)
            i = _skip(text, i + 1)
            if text[i:i + 1] != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", text, i)

    def _finish(self, pairs):
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs)
        return dict(pairs) if self.object_hook is None else self.object_hook(dict(pairs))

    def _array(self, text, i):
        items = []
        i = _skip(text, i)
        if text[i:i + 1] == "]":
            return items, i + 1
        while True:
            value, i = self._value(text, i)
            items.append(value)
            i = _skip(text, i)
            c = text[i:i + 1]
            if c == "]":
                return items, i + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", text, i)
            i = _skip(text, i + 1)


def detect_encoding(b):
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
                           (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if b.startswith(mark):
            return encoding
    if len(b) >= 4 and not b[0]:
        return "utf-16-be" if b[1] else "utf-32-be"
    if len(b) >= 4 and not b[1]:
        return "utf-16-le" if b[2] or b[3] else "utf-32-le"
    if len(b) == 2 and not (b[0] and b[1]):
        return "utf-16-le" if b[0] else "utf-16-be"
    return "utf-8"


def loads(s, *, cls=None, **kw):
    if isinstance(s, str):
        if s.startswith("\ufeff"):
            raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    elif isinstance(s, (bytes, bytearray)):
        s = s.decode(detect_encoding(s), "surrogatepass")
    else:
        raise TypeError(f"the JSON object must be str, bytes or bytearray, not {type(s).__name__}")
    return (cls or JSONDecoder)(**kw).decode(s)


def load(fp, **kw):
    return loads(fp.read(), **kw)


# -- writing ------------------------------------------------------------------------------------
_QUOTED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quote(s, ascii_only):
    if s.isascii() and s.isprintable() and '"' not in s and "\\" not in s:
        return f'"{s}"'
    out = []
    for c in s:
        if c in _QUOTED:
            c = _QUOTED[c]
        elif c < " ":
            c = f"\\u{ord(c):04x}"
        elif ascii_only and c > "~":
            code = ord(c)
            if code > 0xffff:
                code -= 0x10000
                c = f"\\u{0xd800 | code >> 10:04x}\\u{0xdc00 | code & 0x3ff:04x}"
            else:
                c = f"\\u{code:04x}"
        out.append(c)
    return f'"{"".join(out)}"'


class JSONEncoder:
    item_separator, key_separator = ", ", ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
                 sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys, self.ensure_ascii, self.check_circular = skipkeys, ensure_ascii, check_circular
        self.allow_nan, self.sort_keys = allow_nan, sort_keys
        self.indent = " " * indent if isinstance(indent, int) else indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f"Object of type {o.__class__.__name__} is not JSON serializable")

    def encode(self, o):
        return "".join(self.iterencode(o))

    def iterencode(self, o, _one_shot=False):
        return self._iter(o, 0, {} if self.check_circular else None)

    def _float(self, x):
        if x == x and x not in (_NAMED["Infinity"], _NAMED["-Infinity"]):
            return float.__repr__(x)
        if not self.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant")
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"

    def _scalar(self, o):
        """The text of what holds nothing else, None for the rest."""
        if isinstance(o, str):
            return _quote(o, self.ensure_ascii)
        if o is None:
            return "null"
        if o is True or o is False:
            return "true" if o else "false"
        if isinstance(o, int):
            return int.__repr__(o)
        if isinstance(o, float):
            return self._float(o)
        return None

    def _key(self, key):
        if isinstance(key, str):
            return key
        if key is None or isinstance(key, (bool, int, float)):
            return self._scalar(key)
        if self.skipkeys:
            return None
        raise TypeError(f"keys must be str, int, float, bool or None, not {key.__class__.__name__}")

    def _iter(self, o, depth, open):
        text = self._scalar(o)
        if text is not None:
            yield text
            return
        if open is not None:
            if id(o) in open:
                raise ValueError("Circular reference detected")
            open[id(o)] = o
        if isinstance(o, dict):
            yield from self._container(self._items(o), "{}", depth, open)
        elif isinstance(o, (list, tuple)):
            yield from self._container((("", item) for item in o), "[]", depth, open)
        else:
            yield from self._iter(self.default(o), depth, open)
        if open is not None:
            del open[id(o)]

    def _items(self, o):
        for key, value in sorted(o.items()) if self.sort_keys else o.items():
            key = self._key(key)
            if key is not None:
                yield _quote(key, self.ensure_ascii) + self.key_separator, value

    def _container(self, items, brackets, depth, open):
        line = "" if self.indent is None else "\n" + self.indent * (depth + 1)
        before = brackets[0] + line
        for head, value in items:
            text = self._scalar(value)
            if text is not None:
                yield before + head + text
            else:
                yield before + head
                yield from self._iter(value, depth + 1, open)
            before = self.item_separator + line
        if before == brackets[0] + line:
            yield brackets
        else:
            yield ("" if self.indent is None else "\n" + self.indent * depth) + brackets[1]


def dumps(obj, *, cls=None, **kw):
    return (cls or JSONEncoder)(**kw).encode(obj)


def dump(obj, fp, *, cls=None, **kw):
    for chunk in (cls or JSONEncoder)(**kw).iterencode(obj):
        fp.write(chunk)
