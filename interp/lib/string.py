# SPDX-License-Identifier: BSD-2-Clause
"""Classes of characters, and str.format() step by step."""
__all__ = ["ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits", "hexdigits", "octdigits", "printable",
           "punctuation", "whitespace", "Formatter"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdefABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Each word capitalized."""
    return (sep or " ").join(map(str.capitalize, s.split(sep)))


def _pieces(text):
    """What str.format() sees: (literal text, field, spec, conversion); the last three None where no field follows."""
    literal, i, n = "", 0, len(text)
    while i < n:
        char = text[i]
        i += 1
        if char == "{" or char == "}":
            if i < n and text[i] == char:
                i += 1
                yield literal + char, None, None, None
                literal = ""
                continue
            if char == "}":
                raise ValueError("Single '}' encountered in format string")
            if i == n:
                raise ValueError("Single '{' encountered in format string")
            start, depth, brackets = i, 1, False
            while i < n and depth:
                char = text[i]
                if char == "[":
                    brackets = True
                elif char == "]":
                    brackets = False
                elif not brackets:
                    depth += (char == "{") - (char == "}")
                i += 1
            if depth:
                raise ValueError("expected '}' before end of string")
            yield literal, *_field(text[start:i - 1])
            literal = ""
        else:
            literal += char
    if literal:
        yield literal, None, None, None


def _field(text):
    """name!conversion:spec"""
    brackets = False
    for i, char in enumerate(text):
        if char == "[":
            brackets = True
        elif char == "]":
            brackets = False
        elif brackets:
            continue
        elif char == ":":
            return text[:i], text[i + 1:], None
        elif char == "!":
            if i + 1 == len(text):
                raise ValueError("unmatched '{' in format spec")
            if i + 2 < len(text) and text[i + 2] != ":":
                raise ValueError("expected ':' after conversion specifier")
            return text[:i], text[i + 3:], text[i + 1]
    return text, "", None


def _steps(name):
    """'a.b[0]' -> 'a', [(True, 'b'), (False, 0)]"""
    end = next((i for i, char in enumerate(name) if char in ".["), len(name))
    first, rest, steps = name[:end], name[end:], []
    while rest:
        if rest[0] == ".":
            end = next((i for i, char in enumerate(rest) if i and char in ".["), len(rest))
            step, rest = rest[1:end], rest[end:]
            steps.append((True, step))
        elif rest[0] == "[":
            end = rest.find("]")
            if end < 0:
                raise ValueError("Missing ']' in format string")
            step, rest = rest[1:end], rest[end + 1:]
            steps.append((False, int(step) if step.isdecimal() else step))
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
        if step == "":
            raise ValueError("Empty attribute in format string")
    return int(first) if first.isdecimal() else first, steps


class Formatter:
    """str.format(), step by step."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        result, _ = self._vformat(format_string, args, kwargs, used, 2)
        self.check_unused_args(used, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth, auto_arg_index=0):
        if recursion_depth < 0:
            raise ValueError("Max string recursion exceeded")
        result = []
        for literal, name, spec, conversion in self.parse(format_string):
            if literal:
                result.append(literal)
            if name is None:
                continue
            if name == "":
                if auto_arg_index is False:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                name = str(auto_arg_index)
                auto_arg_index += 1
            elif name.isdigit():
                if auto_arg_index:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                auto_arg_index = False
            value, key = self.get_field(name, args, kwargs)
            used_args.add(key)
            value = self.convert_field(value, conversion)
            spec, auto_arg_index = self._vformat(spec, args, kwargs, used_args, recursion_depth - 1, auto_arg_index)
            result.append(self.format_field(value, spec))
        return "".join(result), auto_arg_index

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        convert = {"s": str, "r": repr, "a": ascii}.get(conversion)
        if convert is None:
            raise ValueError(f"Unknown conversion specifier {conversion!s}")
        return convert(value)

    def parse(self, format_string):
        return _pieces(format_string)

    def get_field(self, field_name, args, kwargs):
        first, steps = _steps(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, step in steps:
            value = getattr(value, step) if is_attribute else value[step]
        return value, first
