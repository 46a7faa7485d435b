"""Stacks: functions, files, lines, locals and the order of native and Python frames."""
import functools
import os
import re

from harness import (PROGRAMS, Target, check, equal, frame_lines, names_between, pyinspect, python_frames,
                     reference, same_stack, settle, temporary_folder, tids, unharmed, variables_differ, whole)

CASES = []


def case(function):
    CASES.append(function)
    return function


def modern(python):
    """2.7 does not understand most programs."""
    return python.version >= (3,)


def cpython_case(function):
    """Needs CPython's C modules."""
    function.runs_on = lambda python: not python.minipy and modern(python)
    return case(function)


def every_case(function):
    """Also on 2.7."""
    function.runs_on = lambda python: True
    return case(function)


def minipy_case(function):
    """Compares minipy with CPython."""
    function.runs_on = lambda python: python.minipy
    return case(function)


def look(target, *options):
    return pyinspect("--json", "--locals", *options, target.pid).exits(0)


def look_at_snapshot(target, *options):
    """The same from a file."""
    with temporary_folder() as folder:
        core = os.path.join(folder, "core")
        pyinspect("snapshot", target.pid, "-o", core).exits(0)
        return pyinspect("--json", "--locals", *options, core).exits(0)


# --- the program of the README -------------------------------------------------------------------------------

def expected_call_stack(with_argument):
    """call_stack.expected.txt: [(function, line, [(name, repr)])], latest call first."""
    found = []
    for row in (PROGRAMS / "call_stack.expected.txt").read_text().splitlines():
        match = re.match(r"(\S+) +line (\d+)(?: with an argument, (\d+) without)?(.*)$", row)
        if match:
            line = int(match[2] if with_argument or not match[3] else match[3])
            found.append((match[1], line, re.findall(r"(\w+) = ([^,]+)", match[4])))
    return found


def show_call_stack(python, *args):
    with Target(python, PROGRAMS / "call_stack.py", *args) as target:
        for answer in (look(target), look_at_snapshot(target)):
            thread = answer.thread(target.pid)
            whole(thread)
            got = [(f["function"], f["line"], [(v["name"], v["repr"]) for v in f["locals"]]) for f in python_frames(thread)]
            equal("call_stack frames", [str(row) for row in expected_call_stack(args)], [str(row) for row in got])
            equal("file", [str(PROGRAMS / "call_stack.py")] * 5, [f["file"] for f in python_frames(thread)])
            check(thread["main"] and thread["state"] == "S", f"main {thread['main']}, state {thread['state']}")
        unharmed(target.pid)


@every_case
def call_stack_sleeping(python):
    show_call_stack(python, 60)


@every_case
def call_stack_reading(python):
    show_call_stack(python)


@every_case
def call_stack_text(python):
    with Target(python, PROGRAMS / "call_stack.py", 60) as target:
        text = pyinspect("--locals", target.pid).exits(0).out
        check(not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", text), "control characters in the text", ascii(text))
        at = 0
        for function, line, variables in expected_call_stack(True):
            found = re.compile(rf"{re.escape(function)}(?!\w).*\b{line}\b").search(text, at)
            check(found, f"no {function} with line {line} in its place:", text)
            at = found.end()
            for name, value in variables:
                check(re.compile(rf"\b{name} = {value}\b").search(text, at), f"no {name} = {value} below {function}:", text)


# --- the language's frames -----------------------------------------------------------------------------------

SCENES = re.findall(r"^@scene\ndef (\w+)", (PROGRAMS / "frames.py").read_text(), re.M)


def same_threads(target):
    """Every thread that the target knows of, before it has said so, after, and from a snapshot; returns its word and the
    last answer."""
    before = look(target)
    truth = target.truth()
    settle(target.pid)
    after = look(target)
    settle(target.pid)
    saved = look_at_snapshot(target)
    for answer in (before, after, saved):
        equal("thread ids", tids(target.pid), sorted(t["tid"] for t in answer.json["threads"]))
        for name, want in truth.items():
            thread = answer.thread(want["tid"])
            whole(thread)
            equal("thread name", name, thread["name"])
            check(thread["main"] == want["main"], f"{name}: main is {thread['main']}")
            same_stack(target.python, want, thread)
    unharmed(target.pid)
    return truth, saved


@case
def frames(python):
    with Target(python, PROGRAMS / "frames.py", "all") as target:
        truth, _ = same_threads(target)
        check(set(SCENES) <= truth.keys(), "scenes that ended:", set(SCENES) - truth.keys())


@case
def deep_calls(python):
    """Thousands of frames, called from Python, from C and by generators in turn: none is left out or misplaced."""
    with Target(python, PROGRAMS / "deep.py", 300) as target:
        truth, _ = same_threads(target)
        for name, function, calls in ("MainThread", "down", 301), ("straight", "straight", 3001):
            equal(f"calls in {name}", calls, sum(frame["name"] == function for frame in truth[name]["frames"]))


@functools.lru_cache(None)
def reference_frames():
    with Target(reference(), PROGRAMS / "frames.py", "all") as target:
        return target.truth()


def without_thread_start(frames):
    """Down to the scene itself: below it a thread's run() or the module lie."""
    names = [frame["function"] for frame in frames]
    return frames[:next((i + 1 for i, name in enumerate(names) if name in SCENES), len(names))]


def without_comprehensions(frames):
    """Whether these have frames of their own depends on the version."""
    return [frame for frame in frames if not re.search(r"<(list|dict|set)comp>$", frame["function"])]


@minipy_case
def frames_one_by_one(python):
    """minipy's frames are those of CPython running the same program."""
    wrong = []
    for scene in SCENES:
        try:
            with Target(python, PROGRAMS / "frames.py", scene) as target:
                thread = look(target).thread(target.pid)
                whole(thread)
                want, got = (without_comprehensions(without_thread_start(frames))
                             for frames in (reference_frames()[scene]["frames"], python_frames(thread)))
                equal(scene, frame_lines(want), frame_lines(got))
                lines = [line for w, g in zip(want, got) if "comprehension" not in scene
                         for line in variables_differ(f"{g['function']}:{g['line']}", w["locals"], g["locals"])]
                check(not lines, *lines)
                unharmed(target.pid)
        except Exception as error:
            wrong += [f"scene {scene}:"] + ["  " + line for line in str(error).splitlines()[:20]]
    check(not wrong, *wrong)


# --- C between Python ----------------------------------------------------------------------------------------

def expected_between(program):
    """The program's own list, read without running it: {scene: names}."""
    text = (PROGRAMS / program).read_text(encoding="utf-8")
    return {name: re.findall(r'"([^"]+)"', names)
            for names, name in re.findall(r"^@scene\(((?:[^()]|\n)*)\)\ndef (\w+)", text, re.M)}


def c_code_between(thread, inner, outer, names, symbols):
    between = names_between(thread, inner, outer)
    shown = [f["function"] for f in between]
    # In a stripped interpreter a function without a name may be either.
    check(any(not f["plumbing"] or f["function"] is None for f in between),
          f"{thread['name']}: no C code between {inner} and {outer}", shown)
    if symbols:
        check(set(names) & set(shown), f"{thread['name']}: none of {names} between {inner} and {outer}", shown)


def callbacks_from_c(python, program):
    with Target(python, PROGRAMS / program) as target:
        truth, answer = same_threads(target)
        for scene, names in expected_between(program).items():
            check(scene in truth, f"scene {scene} has ended")
            thread = answer.thread(truth[scene]["tid"])
            plumbing_only(thread)
            if names:
                caller = truth[scene]["frames"][2]["name"]
                if scene == "bisect_key" and python.version < (3, 10):
                    continue
                c_code_between(thread, "callback", caller, names, python.symbols)


@cpython_case
def threads(python):
    callbacks_from_c(python, "threads.py")


@every_case
def python2(python):
    callbacks_from_c(python, "python2.py")


python2.runs_on = lambda python: not modern(python)


def plumbing_only(thread):
    """Between hold() and the callback() that called it there is nothing that a user looks for."""
    if not any(frame["name"] == "callback" for frame in python_frames(thread)):
        return
    between = names_between(thread, "hold", "callback")
    check(all(f["plumbing"] for f in between), f"{thread['name']}: between two Python calls:", [f["function"] for f in between])


@every_case
def signal_handler(python):
    """Python, C that waits, the handler: in the order in which they called each other, and so in a thread beside it."""
    with Target(python, PROGRAMS / "signals.py") as target:
        truth, answer = same_threads(target)
        thread = answer.thread(target.pid)
        equal("frames", ["hold", "handler", "weigh", "order", "<module>"], [f["name"] for f in python_frames(thread)])
        symbols = python.symbols and not python.minipy
        c_code_between(thread, "handler", "weigh", ("time_sleep", "floatsleep", "pysleep", "PyErr_CheckSignals"), symbols)
        sorts = ("list_sort_impl", "listsort", "list_sort", "builtin_sorted")
        c_code_between(thread, "weigh", "order", sorts, symbols)
        c_code_between(answer.thread(truth["worker"]["tid"]), "hold", "work", sorts, symbols)


@case
def callbacks_of_builtins(python):
    for scene, names in (("sort_key", ("list_sort_impl", "list_sort", "builtin_sorted")), ("map_function", ("map_next",))):
        with Target(python, PROGRAMS / "frames.py", scene) as target:
            thread = look(target).thread(target.pid)
            whole(thread)
            c_code_between(thread, "callback", scene, names, python.symbols and not python.minipy)


@cpython_case
def subinterpreters(python):
    """Each on the thread that runs it, between the frames that called it."""
    with Target(python, PROGRAMS / "subinterpreters.py") as target:
        answer = look(target)
        equal("interpreters", 4, answer.json["target"]["interpreters"])
        equal("thread ids", tids(target.pid), sorted(t["tid"] for t in answer.json["threads"]))
        outer = {"MainThread": ["run", "main", "<module>"], "runner 1": ["run", "run", "_bootstrap_inner", "_bootstrap"],
                 "runner 2": ["run", "run", "_bootstrap_inner", "_bootstrap"]}
        numbers = {"runner 1": 1, "runner 2": 2, "MainThread": 3}
        for thread in answer.json["threads"]:
            whole(thread)
            name, got = thread["name"], python_frames(thread)
            equal(f"frames of {name}", ["inner", "<module>", *outer[name]], [f["name"] for f in got])
            equal(f"interpreter of {name}", numbers[name], thread["interpreter"])
            equal(f"tid of {name}", [str(thread["tid"])], [v["repr"] for v in got[0]["locals"] if v["name"] == "tid"])
        unharmed(target.pid)


subinterpreters.runs_on = lambda python: not python.minipy and python.version >= (3, 8)


@cpython_case
def subinterpreter_call(python):
    """Before 3.8, where only the interpreter's own test module makes them."""
    with Target(python, PROGRAMS / "subinterpreter_call.py") as target:
        answer = look(target)
        equal("interpreters", 2, answer.json["target"]["interpreters"])
        thread = answer.thread(target.pid)
        whole(thread)
        equal("frames", ["inner 1", "<module> 1", "outer 0", "<module> 0"],
              ["{name} {interpreter}".format(**frame) for frame in python_frames(thread)])


subinterpreter_call.runs_on = lambda python: python.version in ((3, 6), (3, 7)) and not python.root


# --- names of every kind -------------------------------------------------------------------------------------

NAMED = '''# -*- coding: utf-8 -*-
import sys, time


def {function}(first):
    print("READY")
    sys.stdout.flush()
    time.sleep(60)


class {kind}:
    def method(self):
        {function}(1)


{kind}().method()
'''


@every_case
def names_of_every_kind(python):
    wrong = []
    for file, function, kind in (("plain", "plain", "Plain"), ("na\u00efve", "caf\u00e9", "\u00c9t\u00e9"),
                                 ("\u6a21\u5757", "\u51fd\u6570", "\u7c7b"),
                                 ("\U0001f40d \u00e9", "\U00010400\U00020000", "\U00020000x"),
                                 ("quote ' and \\ and \"", "f", "C"), ("new\nline \x1b[31m", "f", "C")):
        if not modern(python):  # only its files have such names
            function, kind = "f", "C"
        with temporary_folder() as folder:
            path = f"{folder}/{file}.py"
            with open(path, "w", encoding="utf-8") as out:
                out.write(NAMED.format(function=function, kind=kind))
            try:
                with Target(python, path, env={"LC_ALL": "C.UTF-8"}) as target:
                    got = python_frames(look(target).thread(target.pid))
                    method = f"{kind}.method" if python.version >= (3, 11) else "method"
                    want = [(function, path, 8), (method, path, 13), ("<module>", path, 16)]
                    equal(ascii(file), [ascii(row) for row in want],
                          [ascii((f["function"], f["file"], f["line"])) for f in got])
                    text = pyinspect("--locals", target.pid).exits(0).out
                    check("\x1b" not in text and "\u2028" not in text, "raw control characters", ascii(text))
            except Exception as error:
                wrong += str(error).splitlines()[:20]
    check(not wrong, *wrong)


# --- more of the answer --------------------------------------------------------------------------------------

@case
def one_thread_only(python):
    with Target(python, PROGRAMS / "frames.py", "all") as target:
        tid = tids(target.pid)[-1]
        threads_shown = look(target, "--thread", tid).json["threads"]
        equal("threads", [tid], [t["tid"] for t in threads_shown])


@case
def target_description(python):
    with Target(python, PROGRAMS / "frames.py", "deep") as target:
        answer = look(target).json
        equal("schema", "pyinspect/1", answer["schema"])
        described = answer["target"]
        equal("kind and pid", ("live", target.pid), (described["kind"], described["pid"]))
        equal("exe", python.exe, described["exe"])
        # What starts a Python in its root does not stay.
        skip = 1 if python.root else 0
        equal("cmdline", target.command.split()[skip:], described["cmdline"][skip:])
        if not python.minipy:
            equal("version", list(python.version), described["python"][:2])
        check(0 < described["paused_ns"] < 10 ** 9, f"paused_ns is {described['paused_ns']}")
        equal("deep calls", 91, sum(f["name"] == "down" for f in python_frames(answer["threads"][0])))


@every_case
def no_locals_unless_asked(python):
    with Target(python, PROGRAMS / "call_stack.py", 60) as target:
        thread = pyinspect("--json", target.pid).exits(0).thread(target.pid)
        check(all("locals" not in frame for frame in python_frames(thread)), "locals without --locals")


# Every key of the schema pyinspect/1: a value that is not known is null, never left out.
KEYS = {
    "report": "schema target threads deadlocks warnings",
    "target": "kind pid exe cmdline runtime python interpreters gc time paused_ns signal modules",
    "module": "path build_id status",
    "thread": "tid name comm main interpreter state gil crashed syscall waits_for exception registers merge end frames",
    "kernel": "kind function",
    "native": "kind function module pc file line inlined plumbing",
    "python": "kind function name file line column source locals",
    "local": "name kind type repr truncated fields",
}


@case
def every_key_of_the_schema(python):
    def keys(kind, value):
        missing = set(KEYS[kind].split()) - value.keys()
        check(not missing, f"{kind} lacks {sorted(missing)}", value)

    with Target(python, PROGRAMS / "frames.py", "closure") as target:
        report = look(target).json
        keys("report", report)
        keys("target", report["target"])
        for module in report["target"]["modules"]:
            keys("module", module)
        for thread in report["threads"]:
            keys("thread", thread)
            for frame in thread["frames"]:
                keys(frame["kind"], frame)
                for local in frame.get("locals", ()):
                    keys("local", local)
