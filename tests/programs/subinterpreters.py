"""Subinterpreters: made by the main thread, two of them run by threads, the last one by the main thread.

In each of them inner() waits for ever, with the kernel's id of its thread in `tid`. From 3.8 on.
"""
import sys
import threading
import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

CODE = """
import _thread
import time

def inner():
    tid = _thread.get_native_id()
    time.sleep(1e6)

inner()
"""


def run(interpreter):
    enter = getattr(interpreters, "exec", None) if sys.version_info >= (3, 13) else interpreters.run_string
    enter(interpreter, CODE)


def main():
    made = [interpreters.create() for _ in range(3)]
    for number, interpreter in enumerate(made[:2], 1):
        threading.Thread(target=run, args=(interpreter,), name="runner %d" % number, daemon=True).start()
    time.sleep(0.5)
    print("READY")
    sys.stdout.flush()
    run(made[2])


main()
