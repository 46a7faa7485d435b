"""Dies in one of many ways, three calls deep, while it handles an exception. Also for 2.7.

crash.py WAY [TRUTH]    TRUTH: a file that gets what must be seen, as a Python literal
"""
import os
import signal
import sys
import threading
import time

try:
    import ctypes
except ImportError:  # minipy: it can only be killed
    ctypes = None


def segv():
    ctypes.string_at(0)


def null_call():
    ctypes.CFUNCTYPE(None)(8)()


def abort():
    os.abort()


def fpe():
    os.kill(os.getpid(), signal.SIGFPE)


def killed():
    time.sleep(60)


def overflow():
    def down(x):
        return list(map(down, [x]))
    sys.setrecursionlimit(10 ** 8)
    down(1)


def forked():
    if os.fork() == 0:
        segv()
    os.wait()


def in_thread():
    thread = threading.Thread(target=segv, name="faulty")
    thread.start()
    thread.join()


def sleeper():
    time.sleep(60)


WAYS = {way.__name__: way for way in (segv, null_call, abort, fpe, killed, overflow, forked, in_thread)}


def outer(way):
    number = 3
    inner(way)
    return number


def inner(way):
    word = "deep"
    try:
        [][1]
    except IndexError:
        try:
            {}["missing"]
        except KeyError:
            tell(way)
            WAYS[way]()
    return word


def tell(way):
    if len(sys.argv) > 2:
        value = sys.exc_info()[1]
        with open(sys.argv[2], "w") as file:
            file.write(repr({"pid": os.getpid(), "type": type(value).__name__, "message": str(value),
                             "context": type(getattr(value, "__context__", None)).__name__}))
    print("READY")
    sys.stdout.flush()


if __name__ == "__main__":
    for _ in range(2):
        other = threading.Thread(target=sleeper)
        other.daemon = True
        other.start()
    outer(sys.argv[1])
