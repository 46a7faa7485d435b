# SPDX-License-Identifier: BSD-2-Clause
"""Lines of source files; a part of minipy."""
import _traceback

cache = {}


def getline(filename, lineno, module_globals=None):
    """The line with its newline, "" when it is not to be had."""
    line = _traceback.source_line(filename, lineno) if isinstance(filename, str) else None
    return "" if line is None else line + "\n"


def getlines(filename, module_globals=None):
    lines = []
    while True:
        line = getline(filename, len(lines) + 1)
        if not line:
            return lines
        lines.append(line)


def checkcache(filename=None):
    pass


def clearcache():
    pass


def lazycache(filename, module_globals):
    return False
