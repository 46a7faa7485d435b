"""What is traced: every way into a frame and out of it, the same each time it runs.

workload.py wait         says READY, runs once a line came on standard input, says DONE and waits for its end
workload.py deep         says READY 50 frames deep, and returns from them once a line came
workload.py truth FILE [2]   (2: as 2.7 does) runs under the interpreter's own hooks and writes what they saw: {"NAME:LINE": {"EVENT": N}}

Functions that count begin with w_, or stand in COUNTED. Only what minipy and 2.7 know too is used, and no
comprehensions: they are frames in some versions only. workload3 is what 2.7 does not know.
"""
import sys
import threading

try:
    import workload3
except SyntaxError:  # 2.7
    workload3 = None

COUNTED = ("__init__", "__getitem__", "__lt__", "__enter__", "__exit__", "__await__", "__new__", "__call__",
           "__getattr__", "__aenter__", "__aexit__", "__aiter__", "__anext__", "<lambda>", "Local")


def w_leaf(x):
    return x


def w_plain():
    total = 0
    for i in range(50):
        total += w_leaf(i)
    return total


def w_recursive(n):
    return 0 if n == 0 else 1 + w_recursive(n - 1)


def w_raise_at(n):
    if n == 0:
        raise KeyError("deep")
    w_raise_at(n - 1)


def w_catch():
    for depth in (0, 1, 8, 900):
        try:
            w_raise_at(depth)
        except KeyError:
            w_leaf(depth)


class W(object):
    def __init__(self, value):
        self.value = value

    def w_method(self, n):
        return self.value + n

    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return w_leaf(i)

    def __lt__(self, other):
        return self.value < other.value

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return True

    @property
    def w_property(self):
        return w_leaf(self.value)


class Meta(type):
    def __new__(cls, name, bases, body):
        return type.__new__(cls, name, bases, body)

    def __call__(cls, *args):
        return type.__call__(cls, *args)


class V(W):
    def __getattr__(self, name):
        return w_leaf(name)

    def w_method(self, n):
        return W.w_method(self, n) + 1


def w_methods():
    w = V(3)
    w.w_method(1)
    w.w_property
    w.w_missing
    Meta("Made", (W,), {})(5).w_method(1)
    sorted([W(3), W(1), W(2)])
    list(W(1))
    with W(1):
        w_raise_at(2)


def w_closure(n):
    def w_inner(x):
        return x + n
    return w_inner


def w_closures():
    add = w_closure(2)
    for i in range(5):
        add(i)
    return (lambda x: w_leaf(x))(1)


def w_callbacks():
    sorted(range(10), key=w_leaf)
    list(map(w_leaf, range(10)))
    list(map(w_closure(1), range(4)))
    max(range(5), key=lambda x: w_leaf(-x))
    w_by_map(100)


def w_by_map(n):
    if n:
        list(map(w_by_map, [n - 1]))


def w_generator(n):
    for i in range(n):
        try:
            got = yield w_leaf(i)
            if got:
                w_leaf(got)
        except ValueError:
            w_leaf(-1)


def w_count_down(n):
    yield n
    if n:
        for i in w_count_down(n - 1):
            yield i


def w_generators():
    list(w_generator(5))
    g = w_generator(4)
    next(g)
    g.send(3)
    g.throw(ValueError)
    g.close()
    g = w_generator(4)
    try:
        g.throw(KeyError)
    except KeyError:
        w_leaf(0)
    w_generator(1)  # never started
    sum(w_generator(3))
    list(w_count_down(50))


def w_class_body():
    class Local:
        def w_local(self):
            return 1
    return Local().w_local()


def w_exec():
    exec("def w_dynamic(x):\n    return x\nfor i in range(3): w_dynamic(i)", {})


def w_thread(n):
    for i in range(n):
        w_plain()


def w_threads():
    threads = []
    for i in range(3):
        threads.append(threading.Thread(target=w_thread, args=(i + 3,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def w_all():
    w_plain()
    w_recursive(900)
    w_catch()
    w_methods()
    w_closures()
    w_callbacks()
    w_generators()
    if workload3:
        workload3.given(w_leaf, w_plain, w_recursive, w_generator)
        workload3.w_all3()
    w_class_body()
    w_exec()
    w_threads()
    w_leaf(0)


def counts_of(seen):
    """Added up at the end: threads that add to the same count lose some, those that append to a list do not."""
    counts = {}
    for code, event in seen:
        file, name = code.co_filename.split("/")[-1], code.co_name
        if name.startswith("w_") or file.startswith("workload") and name in COUNTED:
            of = counts.setdefault("%s:%d" % (name, code.co_firstlineno), {})
            of[event] = of.get(event, 0) + 1
    return counts


def by_profile():
    seen, kinds = [], {"call": "enter", "return": "leave"}

    def hook(frame, event, arg):
        if event in kinds:
            seen.append((frame.f_code, kinds[event]))
    threading.setprofile(hook)
    sys.setprofile(hook)
    w_all()
    sys.setprofile(None)
    return counts_of(seen)


def by_monitoring():
    monitoring, seen = sys.monitoring, []
    events = monitoring.events
    monitoring.use_tool_id(3, "truth")
    wanted = {events.PY_START: "call", events.PY_RESUME: "resume", events.PY_THROW: "resume",
              events.PY_RETURN: "return", events.PY_YIELD: "yield", events.PY_UNWIND: "unwind"}

    def make(name):
        return lambda code, *rest: seen.append((code, name))
    for event, name in wanted.items():
        monitoring.register_callback(3, event, make(name))
    monitoring.set_events(3, sum(wanted))
    w_all()
    monitoring.set_events(3, 0)
    return counts_of(seen)


def truth(file):
    global workload3
    if sys.argv[3:] == ["2"]:
        workload3 = None
    w_all()
    counts = (by_monitoring if hasattr(sys, "monitoring") else by_profile)()
    with open(file, "w") as out:
        out.write(repr(counts))


def wait():
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    sys.stdin.readline()


def w_deep(n):
    if n == 0:
        wait()
    else:
        w_deep(n - 1)


def main():
    if sys.argv[1] == "truth":
        return truth(sys.argv[2])
    if sys.argv[1] == "deep":
        w_deep(50)
        sys.stdout.write("DONE\n")
        sys.stdout.flush()
        sys.stdin.readline()
        return
    w_all()  # warm
    wait()
    w_all()
    sys.stdout.write("DONE\n")
    sys.stdout.flush()
    sys.stdin.readline()


main()
