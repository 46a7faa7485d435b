"""What scripts/bench-trace measures: a function that does nothing, called many times at a word on standard input.

Each line is "N HOW": N calls with HOW (none, setprofile, monitoring, cprofile) listening; the answer is ns of CPU
time a call, which other processes do not lengthen. HOW wall is the time that passed: of what stops the target."""
import sys
import time


def leaf():
    pass


def loop(n, clock=time.process_time_ns):
    begun = clock()
    for _ in range(n):
        leaf()
    return (clock() - begun) / float(n)


def listener(*args):
    pass


def with_setprofile(n):
    sys.setprofile(listener)
    try:
        return loop(n)
    finally:
        sys.setprofile(None)


def with_monitoring(n):
    m = sys.monitoring
    events = m.events.PY_START | m.events.PY_RETURN
    m.use_tool_id(3, "bench")
    m.register_callback(3, m.events.PY_START, listener)
    m.register_callback(3, m.events.PY_RETURN, listener)
    m.set_events(3, events)
    try:
        return loop(n)
    finally:
        m.set_events(3, 0)
        m.free_tool_id(3)


def with_cprofile(n):
    import cProfile
    return cProfile.Profile().runcall(loop, n)


def wall(n):
    return loop(n, time.perf_counter_ns)


HOW = {"none": loop, "wall": wall, "setprofile": with_setprofile, "monitoring": with_monitoring, "cprofile": with_cprofile}

sys.stdout.write("READY\n")
sys.stdout.flush()
while True:
    line = sys.stdin.readline().split()
    if not line:
        break
    sys.stdout.write("%.1f\n" % HOW[line[1]](int(line[0])))
    sys.stdout.flush()
