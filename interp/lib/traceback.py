# SPDX-License-Identifier: BSD-2-Clause
"""Tracebacks as objects and as text; a part of minipy."""
import _traceback
import io
import sys

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_REPEATS_SHOWN = 3


class FrameSummary:
    """One entry: where, and what the source says there."""

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None,
                 end_lineno=None, colno=None, end_colno=None):
        self.filename, self.lineno, self.name = filename, lineno, name
        self._line = line
        self._carets = None
        self.end_lineno = lineno if end_lineno is None else end_lineno
        self.colno, self.end_colno = colno, end_colno
        self.locals = None if locals is None else {name: _safe(repr, value) for name, value in locals.items()}
        if lookup_line:
            self.line

    @property
    def _original_line(self):
        if self._line is None and self.lineno is not None:
            self._line = _traceback.source_line(self.filename, self.lineno) or ""
        return self._line

    @property
    def line(self):
        text = self._original_line
        return None if text is None else text.strip()

    def _key(self):
        return self.filename, self.lineno, self.name, self.locals

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return self._key() == other._key()
        if isinstance(other, tuple):
            return tuple(self) == other
        return NotImplemented

    def __getitem__(self, i):
        return (self.filename, self.lineno, self.name, self.line)[i]

    def __iter__(self):
        return iter((self.filename, self.lineno, self.name, self.line))

    def __len__(self):
        return 4

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


def _safe(show, value):
    try:
        return show(value)
    except Exception:
        return f"<{getattr(show, '__name__', 'str')}() failed>" if show is repr else "<exception str() failed>"


def walk_stack(f):
    """(frame, line) of a frame and its callers."""
    if f is None:
        f = sys._getframe().f_back.f_back
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _walk_tb_with_lasti(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno, tb.tb_lasti
        tb = tb.tb_next


def _positions(code, lasti):
    """(end line, start column, end column) of the instruction."""
    for i, (_, end_line, start, end) in enumerate(code.co_positions()):
        if 2 * i == lasti:
            return end_line, start, end
    return None, None, None


class StackSummary(list):
    @classmethod
    def extract(cls, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        return cls._extract(((f, line, None) for f, line in frame_gen), limit, lookup_lines, capture_locals)

    @classmethod
    def _extract(cls, frames, limit=None, lookup_lines=True, capture_locals=False):
        if limit is None:
            limit = getattr(sys, "tracebacklimit", None)
            limit = max(limit, 0) if limit is not None else None
        frames = list(frames)
        if limit is not None:
            frames = frames[:limit] if limit >= 0 else frames[limit:]
        result = cls()
        for f, line, lasti in frames:
            code = f.f_code
            end_line, start, end = (None, None, None) if lasti is None else _positions(code, lasti)
            entry = FrameSummary(code.co_filename, line, code.co_name, lookup_line=lookup_lines,
                                 locals=f.f_locals if capture_locals else None,
                                 end_lineno=end_line, colno=start, end_colno=end)
            if lasti is not None:
                entry._carets = (code, lasti)
            result.append(entry)
        return result

    @classmethod
    def from_list(cls, a_list):
        return cls(entry if isinstance(entry, FrameSummary) else FrameSummary(*entry[:3], line=entry[3])
                   for entry in a_list)

    def format_frame_summary(self, entry):
        text = [f'  File "{entry.filename}", line {entry.lineno}, in {entry.name}\n']
        if entry.line:
            text.append(f"    {entry.line}\n")
            text.append(_caret_line(entry))
        for name, value in sorted((entry.locals or {}).items()):
            text.append(f"    {name} = {value}\n")
        return "".join(text)

    def format(self):
        result, last, count = [], None, 0
        for entry in self:
            text = self.format_frame_summary(entry)
            if text is None:
                continue
            place = entry.filename, entry.lineno, entry.name
            if place != last:
                result += _repeat_note(count)
                last, count = place, 0
            count += 1
            if count <= _REPEATS_SHOWN:
                result.append(text)
        return result + _repeat_note(count)


def _repeat_note(count):
    count -= _REPEATS_SHOWN
    return [f"  [Previous line repeated {count} more time{'s' if count > 1 else ''}]\n"] if count > 0 else []


def _caret_line(entry):
    """What underlines the part of the line that failed, with its newline; "" for all of it."""
    line = entry._original_line
    found = entry._carets and _traceback.carets(*entry._carets, entry.lineno, line)
    if not found:
        return ""
    start, end, anchor_start, anchor_end = found
    indent = len(line) - len(line.lstrip())
    start = max(start, indent)
    if end <= start or (end - start >= len(line.strip()) and anchor_start < 0):
        return ""
    marks = "".join("^" if anchor_start < 0 or anchor_start <= i < anchor_end else "~" for i in range(start, end))
    return "    " + " " * (start - indent) + marks + "\n"


# -- exceptions ---------------------------------------------------------------------------------
def _type_name(type):
    module = type.__module__
    return type.__qualname__ if module in ("__main__", "builtins") else f"{module}.{type.__qualname__}"


def _final_line(name, text):
    return f"{name}: {text}\n" if text else f"{name}\n"


class TracebackException:
    """An exception as text can be made of it later, without holding on to its frames."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True,
                 capture_locals=False, compact=False, max_group_width=15, max_group_depth=10, _seen=None):
        seen = set() if _seen is None else _seen
        seen.add(id(exc_value))
        options = dict(limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals,
                       max_group_width=max_group_width, max_group_depth=max_group_depth)
        self.max_group_width, self.max_group_depth = max_group_width, max_group_depth
        self.stack = StackSummary._extract(_walk_tb_with_lasti(exc_traceback), limit, lookup_lines, capture_locals)
        self.exc_type = exc_type
        self._str = _safe(str, exc_value)
        self.__notes__ = getattr(exc_value, "__notes__", None)
        self._syntax = None
        if exc_type is not None and issubclass(exc_type, SyntaxError):
            self._take_syntax(exc_value)
        self.__suppress_context__ = exc_value is not None and exc_value.__suppress_context__

        def other(exc):
            if exc is None or id(exc) in seen:
                return None
            return TracebackException(type(exc), exc, exc.__traceback__, _seen=seen, **options)

        self.__cause__ = other(getattr(exc_value, "__cause__", None))
        wanted = not compact or (self.__cause__ is None and not self.__suppress_context__)
        self.__context__ = other(getattr(exc_value, "__context__", None)) if wanted else None
        self.exceptions = None
        if isinstance(exc_value, BaseExceptionGroup):
            self.exceptions = [TracebackException(type(exc), exc, exc.__traceback__, _seen=seen, **options)
                               for exc in exc_value.exceptions]

    def _take_syntax(self, exc):
        self.filename, self.lineno, self.end_lineno = exc.filename, exc.lineno, exc.end_lineno
        self.text, self.offset, self.end_offset, self.msg = exc.text, exc.offset, exc.end_offset, exc.msg
        place = io.StringIO()
        _traceback.write_syntax_place(place, exc)
        self._syntax = place.getvalue()
        if exc.filename:
            self._str = str(exc.msg)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    def __eq__(self, other):
        return self.__dict__ == other.__dict__ if isinstance(other, TracebackException) else NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self):
        if self.exc_type is None:
            yield _final_line("NoneType", self._str)
            return
        if self._syntax:
            yield from self._syntax.splitlines(True)
        yield _final_line(_type_name(self.exc_type), self._str)
        notes = self.__notes__
        if isinstance(notes, (list, tuple)):
            for note in notes:
                yield from (line + "\n" for line in _safe(str, note).split("\n"))
        elif notes is not None:
            yield _safe(repr, notes) + "\n"

    def _chain(self):
        """(exception, what leads over to the one that follows), the oldest first."""
        chain, exc = [], self
        while exc is not None:
            chain.append(exc)
            exc = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
        for exc, later in zip(chain[:0:-1], chain[-2::-1]):
            yield exc, _CAUSE if later.__cause__ is exc else _CONTEXT
        yield self, ""

    def format(self, *, chain=True):
        for depth, text, mark in self._format(chain, 0):
            if depth:
                yield "".join("  " * depth + mark * (depth > 0) + line for line in text.splitlines(True))
            else:
                yield text

    def _format(self, chain, depth):
        """(group depth, text, what stands before each line of it)."""
        for exc, bridge in self._chain() if chain else [(self, "")]:
            if exc.exceptions is None:
                if exc.stack:
                    yield depth, "Traceback (most recent call last):\n", "| "
                    for text in exc.stack.format():
                        yield depth, text, "| "
                for text in exc.format_exception_only():
                    yield depth, text, "| "
            elif depth > self.max_group_depth:
                yield depth, f"... (max_group_depth is {self.max_group_depth})\n", "| "
            else:
                yield from exc._format_group(depth)
            if bridge:
                for text in bridge.splitlines(True):
                    yield depth, text, "| "

    def _format_group(self, depth):
        top = depth == 0
        inner = depth + top
        if self.stack:
            yield inner, "Exception Group Traceback (most recent call last):\n", "+ " if top else "| "
            for text in self.stack.format():
                yield inner, text, "| "
        for text in self.format_exception_only():
            yield inner, text, "| "
        shown = self.exceptions[:self.max_group_width]
        left = len(self.exceptions) - len(shown)
        for i, exc in enumerate(shown, 1):
            rule = f"---------------- {i} ----------------\n"
            yield (inner, rule, "+-+") if i == 1 else (inner + 1, rule, "+")
            yield from exc._format(True, inner + 1)
        if left:
            yield inner + 1, "---------------- ... ----------------\n", "+"
            yield inner + 1, f"and {left} more exception{'s' if left > 1 else ''}\n", "| "
        if self.exceptions and (left or self.exceptions[-1].exceptions is None):
            yield inner + 1, "------------------------------------\n", "+"

    def print(self, *, file=None, chain=True):
        for text in self.format(chain=chain):
            print(text, file=sys.stderr if file is None else file, end="")


class _Sentinel:
    def __repr__(self):
        return "<implicit>"


_sentinel = _Sentinel()


def _parse(exc, value, tb):
    """print_exception(exc), and of old print_exception(type, value, tb)."""
    if (value is _sentinel) != (tb is _sentinel):
        raise ValueError("Both or neither of value and tb must be given")
    if value is not _sentinel:
        return value, tb
    if exc is None:
        return None, None
    if isinstance(exc, BaseException):
        return exc, exc.__traceback__
    raise TypeError(f"Exception expected for value, {type(exc).__name__} found")


def format_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, chain=True):
    value, tb = _parse(exc, value, tb)
    return list(TracebackException(None if value is None else type(value), value, tb, limit=limit, compact=True).format(chain=chain))


def print_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, file=None, chain=True):
    value, tb = _parse(exc, value, tb)
    TracebackException(None if value is None else type(value), value, tb, limit=limit, compact=True).print(file=file, chain=chain)


def format_exception_only(exc, /, value=_sentinel):
    if value is _sentinel:
        value = exc
    return list(TracebackException(None if value is None else type(value), value, None, compact=True).format_exception_only())


def format_exc(limit=None, chain=True):
    return "".join(format_exception(sys.exception(), limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    print_exception(sys.exception(), limit=limit, file=file, chain=chain)


def print_last(limit=None, file=None, chain=True):
    if not hasattr(sys, "last_type"):
        raise ValueError("no last exception")
    print_exception(sys.last_type, sys.last_value, sys.last_traceback, limit, file, chain)


# -- stacks -------------------------------------------------------------------------------------
def extract_tb(tb, limit=None):
    return StackSummary._extract(_walk_tb_with_lasti(tb), limit)


def extract_stack(f=None, limit=None):
    frames = walk_stack(sys._getframe().f_back if f is None else f)
    stack = StackSummary.extract(frames, limit=limit)
    stack.reverse()
    return stack


def format_list(extracted_list):
    return StackSummary.from_list(extracted_list).format()


def print_list(extracted_list, file=None):
    for text in format_list(extracted_list):
        print(text, file=sys.stderr if file is None else file, end="")


def format_tb(tb, limit=None):
    return extract_tb(tb, limit).format()


def print_tb(tb, limit=None, file=None):
    print_list(extract_tb(tb, limit), file)


def format_stack(f=None, limit=None):
    return format_list(extract_stack(sys._getframe().f_back if f is None else f, limit))


def print_stack(f=None, limit=None, file=None):
    print_list(extract_stack(sys._getframe().f_back if f is None else f, limit), file)


def clear_frames(tb):
    """Let go of the locals of a traceback's frames."""
    while tb is not None:
        try:
            tb.tb_frame.clear()
        except RuntimeError:
            pass  # it still runs
        tb = tb.tb_next
