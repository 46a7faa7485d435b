"""What CPython's tests use of test.support.threading_helper."""
import _thread
import time
import unittest

from test.support import context

can_start_thread = True


def threading_setup():
    return ()


def threading_cleanup(*original):
    pass


def reap_threads(function):
    return function


def requires_working_threading(*, module=False):
    return lambda item: item


@context
def wait_threads_exit(timeout=None):
    before = _thread._count()
    yield
    deadline = time.monotonic() + 20
    while _thread._count() > before:
        if time.monotonic() > deadline:
            raise AssertionError("threads still run")
        time.sleep(0.01)


def join_thread(thread, timeout=None):
    thread.join(20)
    if thread.is_alive():
        raise AssertionError("failed to join the thread")


@context
def start_threads(threads, unlock=None):
    threads = list(threads)
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        if unlock:
            unlock()
        for thread in threads:
            join_thread(thread)


class catch_threading_exception:
    def __enter__(self):
        import threading
        self.exc_type = self.exc_value = self.exc_traceback = self.thread = None
        self._before, threading.excepthook = threading.excepthook, self._hook
        return self

    def _hook(self, args):
        self.exc_type, self.exc_value, self.exc_traceback, self.thread = \
            args.exc_type, args.exc_value, args.exc_traceback, args.thread

    def __exit__(self, *exc):
        import threading
        threading.excepthook = self._before
