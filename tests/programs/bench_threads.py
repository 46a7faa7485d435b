"""THREADS threads, each DEPTH Python frames deep and asleep, and a native one that notices every stop.

bench_threads.py HELPERS THREADS DEPTH; each line on standard input is answered with the longest stop since the
last one, in nanoseconds.
"""
import ctypes
import sys
import threading

helpers = ctypes.CDLL(sys.argv[1])
helpers.observer_take.restype = ctypes.c_uint64
never = threading.Event()


def down(levels):
    if levels == 1:
        never.wait()
    else:
        down(levels - 1)


def main():
    # run(), _bootstrap_inner(), _bootstrap() below and wait(), wait() above belong to the depth.
    for _ in range(int(sys.argv[2])):
        threading.Thread(target=down, args=(int(sys.argv[3]) - 5,), daemon=True).start()
    helpers.observer_start()
    print("READY", flush=True)
    for _ in sys.stdin:
        print(helpers.observer_take(), flush=True)


main()
