# SPDX-License-Identifier: BSD-2-Clause
"""Streams: files, and text and bytes in memory; a part of minipy."""
from _io import (BufferedRandom, BufferedReader, BufferedWriter, BytesIO, FileIO, StringIO,
                 TextIOWrapper, UnsupportedOperation, open)
from _io import _BufferedIOBase, _IOBase, _RawIOBase, _TextIOBase

SEEK_SET, SEEK_CUR, SEEK_END = range(3)
DEFAULT_BUFFER_SIZE = 8192
BlockingIOError = BlockingIOError
open_code = open


def text_encoding(encoding, stacklevel=2, /):
    return encoding or "utf-8"


class _Like(type):
    """The classes in C are instances of the public ones too."""

    def __instancecheck__(cls, o):
        return type.__instancecheck__(cls, o) or isinstance(o, cls.__dict__.get("_like", ()))

    def __subclasscheck__(cls, c):
        return type.__subclasscheck__(cls, c) or issubclass(c, cls.__dict__.get("_like", ()))

    def register(cls, other):
        cls._like = (*cls.__dict__.get("_like", ()), other)
        return other


class IOBase(_IOBase, metaclass=_Like):
    _like = (_IOBase,)


class RawIOBase(_RawIOBase, IOBase):
    _like = (_RawIOBase,)


class BufferedIOBase(_BufferedIOBase, IOBase):
    _like = (_BufferedIOBase,)


class TextIOBase(_TextIOBase, IOBase):
    _like = (_TextIOBase,)
