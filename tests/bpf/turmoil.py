"""Forks, threads that come and go, signals, the recursion limit, exec; says in JSON how often its functions ran."""
import json
import os
import signal
import sys
import threading

counts = {"w_handler": 0, "w_endless": 0}


def w_fib(n):
    return n if n < 2 else w_fib(n - 1) + w_fib(n - 2)


def status_of(pid):
    while True:
        try:
            return os.waitpid(pid, 0)[1]
        except OSError:  # 2.7: a signal came
            pass


def w_forks():
    for i in range(10):
        pid = os.fork()
        if pid == 0:
            w_fib(10)
            os._exit(7)
        if status_of(pid) != 7 << 8:
            sys.exit("a child was killed")


def w_thread():
    w_fib(8)


def w_threads():
    for i in range(10):
        threads = [threading.Thread(target=w_thread) for k in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def w_endless():
    counts["w_endless"] += 1
    w_endless()


def w_handler(*args):
    counts["w_handler"] += 1


signal.signal(signal.SIGALRM, w_handler)
signal.setitimer(signal.ITIMER_REAL, .001, .001)
w_forks()
w_threads()
signal.setitimer(signal.ITIMER_REAL, 0)
try:
    w_endless()
except RuntimeError:  # RecursionError
    pass
os.execv("/proc/self/exe", [getattr(sys, "executable", "minipy"), "-c", "print(%r)" % json.dumps(counts)])
