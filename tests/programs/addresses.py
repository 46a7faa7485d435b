"""Tells where its objects are and then waits three calls deep, while it handles an exception. Also for 2.7.

addresses.py FILE    FILE gets the addresses, and what stands in words of theirs, as a Python literal
"""
import sys
import time

PLACES = {}


class Worker(object):
    def __init__(self, name):
        self.name = name
        self.number = 77


def frame_places(frame, name):
    code = frame.f_code
    lines = getattr(code, "co_linetable", None)
    PLACES["frame " + name] = id(frame)
    PLACES["code " + name] = id(code)
    PLACES["lines " + name] = id(code.co_lnotab if lines is None else lines)
    PLACES["bytes " + name] = id(code.co_code)
    PLACES["name " + name] = id(code.co_name)
    PLACES["file " + name] = id(code.co_filename)


def outer(number):
    text = "x" * 1234
    items = [text, 5, (text, 2.5)]
    names = {"first": 1, "second": items}
    worker = Worker("Ada")
    bag = set([77, "seven"])
    large = 1 << 100
    middle(number + 1, text, items)
    return names, worker, bag, large


def middle(number, text, items):
    before = [1, 2, 3]
    inner(number + 1, text, items)
    return before


def inner(number, text, items):
    after = ("a", b"b", None)
    try:
        [][1]
    except IndexError:
        try:
            {}["missing"]
        except KeyError:
            tell()
            time.sleep(1000)
    return after


def tell():
    inner_frame = sys._getframe(1)
    outer_frame = inner_frame.f_back.f_back
    for frame, name in ((inner_frame, "inner"), (inner_frame.f_back, "middle"), (outer_frame, "outer")):
        frame_places(frame, name)
    error = sys.exc_info()[1]
    PLACES["error"] = id(error)
    PLACES["context"] = id(getattr(error, "__context__", None))
    values = outer_frame.f_locals
    for name in ("text", "items", "names", "worker", "bag", "large"):
        PLACES[name] = id(values[name])
    PLACES["first key"] = id(list(values["names"])[0])
    PLACES["first item"] = id(values["items"][0])
    PLACES["type worker"] = id(Worker)
    with open(sys.argv[1], "w") as file:
        file.write(repr(PLACES))
    sys.stdout.write("READY\n")
    sys.stdout.flush()


outer(1)
