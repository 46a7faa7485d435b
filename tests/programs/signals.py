"""A signal handler that ran into C code which a Python function called which C code called; beside it a thread in a
callback from C. Only what both 2.7 and 3 understand."""
import signal
import threading
import time

import truth

NEVER = threading.Lock()
NEVER.acquire()


def hold(*_):
    NEVER.acquire()


def handler(number, frame):
    truth.watch()
    hold()


def weigh(item):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(600)
    return item


def order(items):
    return sorted(items, key=weigh)


def work():
    sorted([2, 1], key=hold)


signal.signal(signal.SIGALRM, handler)
worker = threading.Thread(target=work, name="worker")
worker.daemon = True
worker.start()
order([3, 1, 2])
