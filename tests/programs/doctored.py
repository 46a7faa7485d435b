"""Changes a word of the interpreter's own state, as a build of another make would have it, and then waits in calls.

doctored.py SYMBOL OFFSET BYTES VALUE [SYMBOL OFFSET BYTES VALUE]...
"""
import ctypes
import sys
import time


def poke(symbol, offset, size, value):
    start = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, symbol))
    ctypes.memmove(start + int(offset), int(value).to_bytes(int(size), "little"), int(size))


def wait(text):
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    time.sleep(1e6)


def main(words):
    while words:
        poke(*words[:4])
        words = words[4:]
    wait("text")


main(sys.argv[1:])
