"""A subinterpreter that the main thread calls, and waits in: one stack over two thread states. For 3.6 and 3.7."""
import sys

import _testcapi

CODE = """
import time

def inner():
    time.sleep(1e6)

inner()
"""


def outer():
    print("READY")
    sys.stdout.flush()
    _testcapi.run_in_subinterp(CODE)


outer()
