"""Ends where a post mortem is hard. Also for 2.7 and minipy.

endings.py WAY TRUTH    TRUTH: a file that gets what must be seen, as a Python literal; $LD_PRELOAD has tests/fall.so
"""
import os
import signal
import sys
import threading
import time

DEPTH = 100000
THREADS = 3000
GIB = 1 << 30


def tell(frame, path=sys.argv[2], open=os.open, write=os.write, how=os.O_WRONLY | os.O_CREAT, pid=os.getpid):
    """The last words: where each frame stands and how often in a row, the latest call first. It needs no global: they may be gone."""
    frames = []
    while frame is not None:
        place = [frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno]
        if frames and frames[-1][:3] == place:
            frames[-1][3] += 1
        else:
            frames.append(place + [1])
        frame = frame.f_back
    left = repr({"pid": pid(), "frames": frames})
    left = left if isinstance(left, bytes) else left.encode()
    file = open(path, how)
    while left:
        left = left[write(file, left):]


def fall(number):
    """A signal to this thread, whose handler in fall.so does not return."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.current_thread().ident, number)
    else:
        import ctypes
        getattr(ctypes.CDLL(None), "raise")(number)


def null_call():
    tell(sys._getframe()); fall(signal.SIGUSR1)


def overflow():
    def down():
        tell(sys._getframe()); fall(signal.SIGUSR2)
    in_thread(down)


def in_thread(function):
    thread = threading.Thread(target=function, name="diver")
    thread.start()
    thread.join()


def deep():
    def down(n):
        if n:
            return down(n - 1)
        tell(sys._getframe()); os.abort()
    # Before 3.11 each call takes C stack too.
    sys.setrecursionlimit(2 * DEPTH)
    if sys.version_info < (3, 11):
        threading.stack_size(GIB)
        in_thread(lambda: down(DEPTH))
    else:
        down(DEPTH)


def importing():
    folder = os.path.dirname(sys.argv[2])
    with open(os.path.join(folder, "fatal.py"), "w") as file:
        file.write("import os, sys\nimport __main__\n__main__.tell(sys._getframe()); os.abort()\n")
    sys.path.insert(0, folder)
    import fatal
    return fatal


class Last(object):
    def __del__(self, tell=tell, here=sys._getframe, abort=os.abort):
        tell(here()); abort()


def at_exit():
    global last
    last = Last()


def forked():
    if os.fork() == 0:
        tell(sys._getframe()); os.abort()
    os.wait()


def handler():
    def handle(number, frame):
        tell(sys._getframe()); os.abort()
    signal.signal(signal.SIGALRM, handle)
    os.kill(os.getpid(), signal.SIGALRM)
    while True:
        time.sleep(1)


def switches(after_s=0):
    """How often the other threads went to sleep so far: none does any more when all wait."""
    time.sleep(after_s)
    total = 0
    for tid in os.listdir("/proc/self/task"):
        if tid != str(os.getpid()):
            with open("/proc/self/task/" + tid + "/status") as file:
                total += int(file.read().split("voluntary_ctxt_switches:")[1].split()[0])
    return total


def many_threads():
    started = [threading.Lock() for _ in range(THREADS)]
    end = threading.Lock()
    end.acquire()

    def wait(mine):
        mine.release()
        end.acquire()
    if hasattr(threading, "stack_size"):
        threading.stack_size(256 * 1024)
    for lock in started:
        lock.acquire()
        thread = threading.Thread(target=wait, args=(lock,))
        thread.daemon = True
        thread.start()
    for lock in started:
        lock.acquire()
    while switches() != switches(after_s=0.1):
        pass
    tell(sys._getframe()); os.abort()


WAYS = {way.__name__: way for way in (null_call, overflow, deep, importing, at_exit, forked, handler, many_threads)}

if __name__ == "__main__":
    print("READY")
    sys.stdout.flush()
    WAYS[sys.argv[1]]()
