"""Cores in which single objects are damaged: that one is named, and everything else is as it was."""
import ast
import struct

from cores import core_by_kernel, root
from harness import PROGRAMS, Target, check, equal, pyinspect, python_frames, temporary_folder

CASES = []
VERSIONS = {(2, 7), (3, 6), (3, 8), (3, 11), (3, 12), (3, 13), (3, 14)}  # each with another way of something
NOWHERE = 0xdead000000000000
TYPE = 8  # in every object: its type


def case(function):
    function.runs_on = lambda python: python.minipy or (
        tuple(python.version) in VERSIONS and (not python.root or tuple(python.version) >= (3, 14)))
    CASES.append(function)
    return function


class Core:
    """A core file whose memory can be changed and put back."""

    def __init__(self, path):
        self.file, self.undo = open(path, "r+b"), []
        head = self.file.read(64)
        at, n = struct.unpack_from("<Q", head, 32)[0], struct.unpack_from("<H", head, 56)[0]
        self.file.seek(at)
        headers = struct.iter_unpack("<IIQQQQQQ", self.file.read(56 * n))
        self.loads = [(lo, size, offset) for kind, _, offset, lo, _, size, _, _ in headers if kind == 1]

    def place(self, address):
        return next((offset + address - lo for lo, size, offset in self.loads if lo <= address < lo + size), None)

    def word(self, address):
        """0 where there is none."""
        place = self.place(address)
        if place is None:
            return 0
        self.file.seek(place)
        return struct.unpack("<Q", self.file.read(8))[0]

    def find(self, address, value, size):
        """Where in an object of that size the value stands, None where it does not."""
        return next((at for at in range(address, address + size, 8) if self.word(at) == value), None)

    def put(self, address, value):
        self.undo.append((address, self.word(address)))
        self.write(address, value)

    def write(self, address, value):
        self.file.seek(self.place(address))
        self.file.write(struct.pack("<Q", value % 2 ** 64))
        self.file.flush()

    def restore(self):
        while self.undo:
            self.write(*self.undo.pop())


def keys_of(core, places):
    """The dict's pointer to its keys, and in them the first key."""
    for at in range(places["names"], places["names"] + 72, 8):
        key = core.word(at) and core.find(core.word(at), places["first key"], 512)
        if key:
            return at, key
    return None, None


def items_of(core, places):
    return next((at for at in range(places["items"], places["items"] + 64, 8)
                 if core.word(core.word(at)) == places["first item"]), None)


def values(core, places):
    """(what, address, new word, the variables in which it shows)"""
    text = {"text", "items", "names"}
    keys, key = keys_of(core, places)
    items = items_of(core, places)
    yield "no type", places["text"] + TYPE, NOWHERE, text
    yield "another type", places["text"] + TYPE, core.word(places["items"] + TYPE), text
    yield "no type", places["worker"] + TYPE, NOWHERE, {"worker"}
    yield "no type", places["bag"] + TYPE, NOWHERE, {"bag"}
    yield "another type", places["items"] + TYPE, core.word(places["names"] + TYPE), {"items", "names"}
    yield "length 2**60", core.find(places["text"], 1234, 64), 2 ** 60, text
    yield "length -1", core.find(places["text"], 1234, 64), -1, text
    yield "length 2**60", core.find(places["items"] + 16, 3, 40), 2 ** 60, {"items", "names"}
    yield "no items", items, NOWHERE, {"items", "names"}
    yield "an item that is none", core.word(items), NOWHERE, {"items", "names"}
    yield "an item between objects", core.word(items), places["first item"] + 1, {"items", "names"}
    yield "no keys", keys, NOWHERE, {"names"}
    yield "a key that is none", key, NOWHERE, {"names"}
    yield "digits without end", places["large"] + 16, 2 ** 62, {"large"}


def frame_words(core, python, places):
    """Where the frame of `middle` has its code and its caller, and that caller and callee."""
    objects = [places["frame " + name] for name in ("inner", "middle", "outer")]
    if not python.minipy and tuple(python.version) >= (3, 11):  # f_frame, behind the object's head and f_back
        objects = [core.word(frame + 24) for frame in objects]
    inner, middle, outer = objects
    return core.find(middle, places["code middle"], 96), core.find(middle, outer, 128), inner, middle


def with_locals(frame):
    return {name: frame[name] for name in ("function", "file", "line", "column", "source", "locals")}


def same_but(what, before, now, variables):
    """All frames and locals are those from before, except variables, which are named as unreadable."""
    for old, new in zip(before, now):
        found = [local["name"] for local, other in zip(old["locals"], new["locals"]) if local != other]
        check(set(found) <= variables, f"{what}: {found} differ in {old['function']}")
        for local in new["locals"]:
            check(local["name"] not in found or "<unreadable: " in local["repr"] or local["type"] == "?",
                  f"{what}: {local}")
        equal(f"{what}: {old['function']}", str(with_locals({**old, "locals": 0})), str(with_locals({**new, "locals": 0})))
    equal(f"{what}: number of frames", str(len(before)), str(len(now)))


def look(path, python, code):
    answer = pyinspect("core", "--json", "--locals", *root(python), path).exits(code)
    return answer.json["threads"][0], python_frames(answer.json["threads"][0])


def dead(python, folder):
    """A core, and where the objects in it are."""
    with Target(python, PROGRAMS / "addresses.py", folder + "/places", cwd=folder) as target:
        path = core_by_kernel(target, folder)
    with open(folder + "/places", encoding="utf-8") as file:
        return path, Core(path), ast.literal_eval(file.read())


@case
def damaged_values(python):
    with temporary_folder() as folder:
        path, core, places = dead(python, folder)
        _, before = look(path, python, 0)
        for what, address, word, variables in values(core, places):
            check(address, f"{what} of {sorted(variables)[0]}: no place for that")
            core.put(address, word)
            thread, now = look(path, python, 1)
            core.restore()
            same_but(f"{what} in {sorted(variables)}", before, now, variables)
            equal("end", "complete", thread["end"])


def damaged_code_parts(path, core, places, python, before):
    """One part of one code object: the others, and all other frames, are there."""
    number = [frame["name"] for frame in before].index("middle")
    for part, lost in (("lines", {"line", "column", "source"}), ("name", {"function", "name"}),
                       ("file", {"file", "source"})):
        for wrong in (NOWHERE, places["worker"]):
            at = core.find(places["code middle"], places[part + " middle"], 256)
            check(at, f"{part}: not found in the code object")
            core.put(at, wrong)
            thread, now = look(path, python, 1)
            text = pyinspect("core", *root(python), path).exits(1).out
            core.restore()
            check("the code object at 0x%x is damaged: its " % places["code middle"] in text, text)
            differ = {key for key, value in before[number].items() if now[number][key] != value}
            check(differ <= lost, f"{part}: {differ} differ")
            equal(part, [str(f) for f in before[:number] + before[number + 1:]],
                  [str(f) for f in now[:number] + now[number + 1:]])
            check(thread["end"] != "complete", f"{part}: whole")


@case
def damaged_frames(python):
    with temporary_folder() as folder:
        path, core, places = dead(python, folder)
        _, before = look(path, python, 0)
        damaged_code_parts(path, core, places, python, before)
        number = [frame["name"] for frame in before].index("middle")
        code, back, inner, middle = frame_words(core, python, places)
        check(code and back, "the frame's code or caller is not found")
        for wrong in (NOWHERE, places["text"]):  # not a code object: a frame without a name
            core.put(code, wrong)
            thread, now = look(path, python, 1)
            core.restore()
            equal("frame without code", str(None), str(now[number]["function"]))
            equal("others", [str(f) for f in before[:number] + before[number + 1:]],
                  [str(f) for f in now[:number] + now[number + 1:]])
            check(thread["end"] != "complete", "whole without a code object")
        for wrong, ends in ((inner, {"cycle"}), (middle, {"cycle"}), (NOWHERE, {"unreadable"}),
                            (places["text"], {"inconsistent", "cycle"})):
            core.put(back, wrong)
            thread, now = look(path, python, 1)
            core.restore()
            check(thread["end"] in ends, f"caller 0x{wrong:x}: the end is {thread['end']}")
            equal("frames before the damage", [str(f) for f in before[:number + 1]], [str(f) for f in now])


@case
def damaged_exceptions(python):
    with temporary_folder() as folder:
        path, core, places = dead(python, folder)
        thread, before = look(path, python, 0)
        first = thread["exception"]
        chained = len(first["chain"]) == 1
        check(chained or python.version < (3,), f"chain of {len(first['chain'])}")
        link = core.find(places["error"], places["context"], 128) if chained else None
        damages = [(places["error"] + TYPE, NOWHERE, 1)]
        if chained:
            damages += [(places["context"] + TYPE, NOWHERE, 1), (link, NOWHERE, 1), (link, places["error"], 0)]
        for address, word, code in damages:
            core.put(address, word)
            thread, now = look(path, python, code)
            text = pyinspect("core", *root(python), path).exits(code).out
            core.restore()
            equal("frames", [str(f) for f in before], [str(f) for f in now])
            shown = thread["exception"]
            check("an exception cannot be read" in text or code == 0, text)
            if address == places["error"] + TYPE:
                equal("exception", str(None), str(shown))
            else:
                equal("its chain", str([]), str(shown["chain"]))
                equal("exception", str((first["type"], first["message"])), str((shown["type"], shown["message"])))
                check(shown["chain_cut"] == (code == 1), "chain_cut")
