"""Pythons of another make, and Pythons where they are not looked for: shown right, or refused with the reason."""
import os
import shutil
import subprocess
from pathlib import Path

from harness import (PROGRAMS, Python, Skip, Target, check, equal, frame_lines, pyinspect, python_frames, pythons, settle,
                     temporary_folder, tids, unharmed, whole)

CASES = []


def case(function):
    CASES.append(function)
    return function


def cpythons(least=(2, 7), most=(9, 0)):
    return [python for python in pythons() if not python.minipy and not python.why_not and least <= python.version <= most]


# --- builds that are not what their version says -------------------------------------------------------------

class Doctored(Target):
    def __init__(self, python, *words):
        super().__init__(python, PROGRAMS / "doctored.py", *words)


def refused(python, words, why):
    """One line, nothing else, and exit code 3."""
    with Doctored(python, *words) as target:
        for options in ((), ("--json", "--locals")):
            answer = pyinspect(*options, target.pid).exits(3)
            check(answer.err.startswith(f"pyinspect: process {target.pid}: CPython ") and why in answer.err,
                  f"{python}: not {why!r}:", answer.err)
            equal("lines", 1, len(answer.err.splitlines()))
        unharmed(target.pid)


@case
def free_threaded_builds_are_refused():
    """No free-threaded build can be had here: one that says of itself that it is."""
    for python in cpythons((3, 13)):
        refused(python, ["_PyRuntime", 16, 8, 1], "is a free-threaded build, which is not supported")


def version_word(major, minor):
    return ["_PyRuntime", 8, 8, (major << 24) + (minor << 16) + 0xf0]


@case
def an_unknown_newer_minor_is_shown_without_locals():
    newest = cpythons((3, 15), (3, 15))
    if not newest:
        raise Skip("no Python of the newest version that is known")
    for python in newest:
        with Doctored(python) as target:
            known = pyinspect("--json", target.pid).exits(0).thread(target.pid)
        with Doctored(python, *version_word(3, 16)) as target:
            answer = pyinspect("--json", target.pid).exits(0)
            thread = answer.thread(target.pid)
            whole(thread)
            equal("frames", frame_lines(python_frames(known)), frame_lines(python_frames(thread)))
            equal("version", [3, 16], answer.json["target"]["python"][:2])
            equal("warnings", ["CPython 3.16.0 is newer than this pyinspect: it is read as 3.15, without locals"],
                  answer.json["warnings"])
            with_locals = pyinspect("--json", "--locals", target.pid).exits(0, 1).thread(target.pid)
            check(all(not frame.get("locals") for frame in python_frames(with_locals)), "locals of an unknown version")
            unharmed(target.pid)


@case
def a_newer_minor_with_another_table_is_refused():
    for python in cpythons((3, 13), (3, 14)):
        refused(python, version_word(3, 16), "debug offsets")


@case
def moved_fields_are_refused():
    """Types of another size, and threads that do not point back to their interpreter."""
    for python in cpythons((3,)):
        word = ["PyCode_Type", 32, 8, 400]
        refused(python, word, "PyCode_Type has 400 bytes where")
        if python.version < (3, 11):
            refused(python, ["PyFrame_Type", 32, 8, 500], "PyFrame_Type has 500 bytes where")
        if python.version >= (3, 13):
            thread_state = 152 if python.version == (3, 13) else 176
            refused(python, ["_PyRuntime", thread_state + 3 * 8, 8, 24], "its thread states make no sense")


# --- a JIT ----------------------------------------------------------------------------------------------------

JIT_SAMPLES = 25


@case
def jit_code_on_the_stack():
    """Python frames are right in every look; native ones are whole from 3.15 on, before that the gap is said."""
    able = [p for p in cpythons((3, 14)) if subprocess.run(
        [p.program, "-c", "import sys; sys.exit(not sys._jit.is_available())"], stderr=subprocess.DEVNULL).returncode == 0]
    if not able:
        raise Skip("no Python with a JIT")
    for python in able:
        with Target(python, PROGRAMS / "jit.py", settled=False, env={"PYTHON_JIT": "1"}) as target:
            for _ in range(JIT_SAMPLES):
                answer = pyinspect("--json", target.pid).exits(0, 1)
                thread = answer.thread(target.pid)
                names = [frame["name"] for frame in python_frames(thread)]
                check(names in (["spin", "middle", "main", "<module>"], ["middle", "main", "<module>"]), f"{python}: frames", names)
                if python.version >= (3, 15) or answer.code == 0:
                    whole(thread)
                else:
                    equal("a gap", ("partial", "truncated"), (thread["merge"], thread["end"]))
                    text = pyinspect(target.pid).exits(0, 1)
                    check(text.code == 0 or "is cut from here on" in text.out or "could not be placed" in text.out,
                          "a gap that nothing tells of", text.out)
            unharmed(target.pid)


# --- elsewhere ------------------------------------------------------------------------------------------------

def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def own_id(pid, tid):
    """A thread's id as the thread itself knows it."""
    for line in Path(f"/proc/{pid}/task/{tid}/status").read_text().splitlines():
        if line.startswith("NSpid:"):
            return int(line.split()[-1])
    return tid


class Apart(Target):
    """A program of tests/programs in namespaces of its own; pid is what we call it."""

    def __init__(self, python, options, *words):
        self.starter = Python("unshare", "unshare", (0, 0))
        command = [python.program, *map(str, words)]
        super().__init__(self.starter, *options, "--", *command, settled=False)
        while children(self.pid):
            self.pid = children(self.pid)[0]
        settle(self.pid)

    def close(self):
        if self.pid != self.process.pid:
            os.kill(self.pid, 9)
        super().close()


def right_threads(python, target):
    truth = target.truth()
    settle(target.pid)
    answer = pyinspect("--json", "--locals", target.pid).exits(0)
    threads = {own_id(target.pid, tid): answer.thread(tid) for tid in tids(target.pid)}
    for name, want in truth.items():
        thread = threads[want["tid"]]
        whole(thread)
        equal("name", name, thread["name"])
        equal(f"{python}: {name}", frame_lines(want["frames"]), frame_lines(python_frames(thread)))
    unharmed(target.pid)


@case
def other_namespaces():
    """Threads and processes have other numbers there, files other names, and users other ids."""
    kinds = (["--pid", "--fork", "--mount-proc"], ["--user", "--map-root-user"],
             ["--user", "--map-root-user", "--pid", "--fork", "--mount", "--net", "--ipc", "--uts"])
    for options in kinds:
        if subprocess.run(["unshare", *options, "true"], stderr=subprocess.DEVNULL).returncode:
            raise Skip("no right to make namespaces")
        # By pthread_self() before 3.11, by the kernel's id after. Those that were brought are always apart.
        own = [python for python in cpythons((3,)) if not python.root]
        for python in dict.fromkeys((pythons()[0], *own[:2], *own[-2:])):
            with Apart(python, options, PROGRAMS / "frames.py", "all") as target:
                equal("another id there", "--pid" in options, own_id(target.pid, target.pid) != target.pid)
                right_threads(python, target)


def copies(python, folder):
    """A program that is a copy, and the modules of it that are in the folder."""
    program = shutil.copy(python.program, os.path.join(folder, "python-copied"))
    home = Path(python.program).parent.parent
    libraries = [shutil.copy(path, folder) for path in home.glob("lib/libpython%d.%d*.so.1.0" % python.version)]
    return Python(str(python), program, python.version), [program, *libraries]


@case
def deleted_and_replaced_binaries():
    """An upgrade under a running process: what it runs is gone from its place, or something else is there."""
    for python in (pythons()[0], *cpythons((3,))):
        if python.root:
            continue
        with temporary_folder() as folder:
            copied, files = copies(python, folder)
            home = str(Path(python.program).parent.parent)
            env = {} if python.minipy else {"PYTHONHOME": home, "LD_LIBRARY_PATH": folder}
            with Target(copied, PROGRAMS / "frames.py", "sort_key", env=env) as target:
                for replaced in (False, True):
                    for path in files:
                        if replaced:
                            shutil.copy("/bin/ls", path)
                        else:
                            os.unlink(path)
                    right_threads(python, target)
                    answer = pyinspect("--json", target.pid).exits(0)
                    found = {m["path"]: m["status"] for m in answer.json["target"]["modules"] if m["path"].startswith(folder)}
                    equal("status", dict.fromkeys(files, "deleted"), found)
                    names = {f["function"] for thread in answer.json["threads"] for f in thread["frames"] if f["kind"] == "native"}
                    if python.symbols and not python.minipy:
                        check({"list_sort_impl", "list_sort", "builtin_sorted"} & names, "symbols of a deleted file", names)
