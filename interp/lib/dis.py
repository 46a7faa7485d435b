# SPDX-License-Identifier: BSD-2-Clause
"""The instructions of functions, as text and as data. They are minipy's own."""
import sys
import types
from _opcode import table as _table
from collections import namedtuple

__all__ = ["code_info", "dis", "disassemble", "distb", "findlinestarts", "findlabels", "show_code", "get_instructions",
           "Instruction", "Bytecode", "opname", "opmap", "cmp_op", "EXTENDED_ARG", "hasconst", "hasname", "haslocal",
           "hasfree", "hasjrel", "hascompare"]

opname = [name for name, _ in _table]
opmap = {name: number for number, name in enumerate(opname)}
EXTENDED_ARG = opmap["EXTENDED_ARG"]
cmp_op = ("<", "<=", "==", "!=", ">", ">=")
_binary = ("+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^")


def _having(*kinds):
    return [number for number, (_, kind) in enumerate(_table) if kind in kinds]


hasconst, hasname, haslocal, hasfree = _having("CONST"), _having("NAME"), _having("FAST"), _having("DEREF")
hasjrel, hascompare = _having("FORWARD", "BACKWARD"), _having("COMPARE")
_FLAGS = {1: "OPTIMIZED", 2: "NEWLOCALS", 4: "VARARGS", 8: "VARKEYWORDS", 16: "NESTED", 32: "GENERATOR", 64: "NOFREE",
          128: "COROUTINE", 256: "ITERABLE_COROUTINE", 512: "ASYNC_GENERATOR"}

Positions = namedtuple("Positions", "lineno end_lineno col_offset end_col_offset", defaults=(None,) * 4)
_Fields = namedtuple("_Fields", "opname opcode arg argval argrepr offset starts_line is_jump_target positions", defaults=(None,))


class Instruction(_Fields):
    """One instruction; offset counts bytes."""

    __slots__ = ()

    def _disassemble(self, lineno_width=3, mark_as_current=False, offset_width=4):
        line = "" if self.starts_line is None else str(self.starts_line)
        text = (f"{line:>{lineno_width}} {'-->' if mark_as_current else '   '} {'>>' if self.is_jump_target else '  '} "
                f"{self.offset:>{offset_width}} ")
        if self.arg is None:
            return text + self.opname
        text += f"{self.opname:<20} {self.arg:>5}"
        return f"{text} ({self.argrepr})" if self.argrepr else text


Instruction.__name__ = Instruction.__qualname__ = "Instruction"


def _code_of(x):
    """The code of a function, method, generator, coroutine, class of source text or code object."""
    x = getattr(x, "__func__", x)
    for name in "__code__", "gi_code", "ag_code", "cr_code":
        code = getattr(x, name, None)
        if code is not None:
            return code
    if isinstance(x, str):
        try:
            return compile(x, "<disassembly>", "eval")
        except SyntaxError:
            return compile(x, "<disassembly>", "exec")
    if hasattr(x, "co_code"):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def _units(code):
    """(offset, offset of the next, opcode, argument), EXTENDED_ARG units joined to what they extend."""
    raw, arg = code.co_code, 0
    for at in range(0, len(raw), 2):
        op, arg = raw[at], arg << 8 | raw[at + 1]
        if op == EXTENDED_ARG:
            continue
        yield at, at + 2, op, arg
        arg = 0


def _target(next_offset, op, arg):
    kind = _table[op][1]
    return next_offset + 2 * arg if kind == "FORWARD" else next_offset - 2 * arg if kind == "BACKWARD" else None


def _handlers(code):
    """(start, end, target, depth, lasti) of the exception table; offsets in bytes, ends exclusive."""
    raw = code.co_exceptiontable
    for at in range(0, len(raw), 16):
        start, end, target, depth = (int.from_bytes(raw[at + i:at + i + 4], "little") for i in range(0, 16, 4))
        yield 2 * start, 2 * end, 2 * target, depth >> 1, bool(depth & 1)


def findlabels(code):
    """Offsets that something jumps to."""
    code = _code_of(code)
    found = {_target(after, op, arg): None for _, after, op, arg in _units(code)}
    found.pop(None, None)
    return list(found)


def findlinestarts(code):
    """(offset, line) where a line begins."""
    before = None
    for start, _, line in code.co_lines():
        if line is not None and line != before:
            before = line
            yield start, line


def get_instructions(x, *, first_line=None, show_caches=False, adaptive=False):
    code = _code_of(x)
    shift = 0 if first_line is None else first_line - code.co_firstlineno
    slots = list(code.co_varnames)
    slots += [name for name in code.co_cellvars if name not in slots]
    slots += code.co_freevars
    labels = set(findlabels(code)) | {target for _, _, target, _, _ in _handlers(code)}
    lines, positions = dict(findlinestarts(code)), list(code.co_positions())
    for at, after, op, arg in _units(code):
        name, kind = _table[op]
        value, text = arg, ""
        if kind == "NONE":
            arg = value = None
        elif kind == "CONST":
            value = code.co_consts[arg]
            text = repr(value)
        elif kind == "NAME":
            value = text = code.co_names[arg]
        elif kind in ("FAST", "DEREF"):
            value = text = slots[arg]
        elif kind in ("FORWARD", "BACKWARD"):
            value = _target(after, op, arg)
            text = f"to {value}"
        elif kind == "COMPARE":
            value = text = cmp_op[arg % 6]
        elif kind == "BINARY":
            text = _binary[arg % 13] + ("=" if arg >= 13 else "")
        line = lines.get(at)
        place = positions[at // 2] if at // 2 < len(positions) else (None,) * 4
        yield Instruction(name, op, arg, value, text, at, None if line is None else line + shift, at in labels, Positions(*place))


def _write(code, lasti, file):
    for instruction in get_instructions(code):
        if instruction.starts_line is not None and instruction.offset:
            print(file=file)
        print(instruction._disassemble(3, instruction.offset == lasti), file=file)
    rows = list(_handlers(code))
    if rows:
        print("ExceptionTable:", file=file)
        for start, end, target, depth, lasti in rows:
            print(f"  {start} to {end - 2} -> {target} [{depth}]{' lasti' if lasti else ''}", file=file)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False):
    _write(co, lasti, file)


disco = disassemble


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False):
    """Prints the instructions of a function, class, module, source text or code object, and of what it contains."""
    if x is None:
        distb(file=file)
        return
    if isinstance(x, (type, types.ModuleType)):
        for name, value in sorted(x.__dict__.items()):
            if isinstance(value, (types.FunctionType, types.MethodType, types.CodeType, classmethod, staticmethod, type)):
                print(f"Disassembly of {name}:", file=file)
                try:
                    dis(value, file=file, depth=depth)
                except TypeError as error:
                    print("Sorry:", error, file=file)
                print(file=file)
        return
    code = _code_of(x)
    _write(code, -1, file)
    if depth is None or depth > 0:
        for const in code.co_consts:
            if hasattr(const, "co_code"):
                print(file=file)
                print(f"Disassembly of {const!r}:", file=file)
                dis(const, file=file, depth=None if depth is None else depth - 1)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False):
    """The function that raised what was caught last."""
    if tb is None:
        error = getattr(sys, "last_traceback", None) or getattr(sys.exc_info()[1], "__traceback__", None)
        if error is None:
            raise RuntimeError("no last traceback to disassemble")
        tb = error
    while tb.tb_next:
        tb = tb.tb_next
    _write(tb.tb_frame.f_code, tb.tb_lasti, file)


def pretty_flags(flags):
    names = []
    for bit in range(32):
        if flags & 1 << bit:
            names.append(_FLAGS.get(1 << bit, hex(1 << bit)))
    return ", ".join(names) or "0x0"


def code_info(x):
    """Names, counts and flags of a code object."""
    code = _code_of(x)
    lines = [f"Name:              {code.co_name}", f"Filename:          {code.co_filename}",
             f"Argument count:    {code.co_argcount}", f"Positional-only arguments: {code.co_posonlyargcount}",
             f"Kw-only arguments: {code.co_kwonlyargcount}", f"Number of locals:  {code.co_nlocals}",
             f"Stack size:        {code.co_stacksize}", f"Flags:             {pretty_flags(code.co_flags)}"]
    for title, values, show in (("Constants", code.co_consts, repr), ("Names", code.co_names, str),
                                ("Variable names", code.co_varnames, str), ("Free variables", code.co_freevars, str),
                                ("Cell variables", code.co_cellvars, str)):
        if values:
            lines.append(f"{title}:")
            lines += [f"{number:4d}: {show(value)}" for number, value in enumerate(values)]
    return "\n".join(lines)


def show_code(co, *, file=None):
    print(code_info(co), file=file)


class Bytecode:
    """A code object as an iterable of its instructions."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = _code_of(x)
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self.current_offset = current_offset
        self._original_object = x

    def __iter__(self):
        return get_instructions(self.codeobj, first_line=self.first_line)

    def __repr__(self):
        return f"{self.__class__.__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        return code_info(self.codeobj)

    def dis(self):
        import io
        out = io.StringIO()
        _write(self.codeobj, -1 if self.current_offset is None else self.current_offset, out)
        return out.getvalue()
