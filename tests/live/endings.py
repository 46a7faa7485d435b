"""Cores of hard endings: where a process says that it stood is what its core shows."""
import ast
import glob
import os
import resource
import signal
import subprocess
from pathlib import Path

from cores import PATTERN, root
from harness import (ALL, OUT, PATIENCE_S, PROGRAMS, Skip, adder, check, equal, pyinspect, python_frames, reference,
                     temporary_folder, whole)

CASES = []
PROGRAM = PROGRAMS / "endings.py"
DEPTH, THREADS = 100000, 3000  # as in the program
FEW_LINES = 120
case = adder(CASES)


def every(python):
    return True


def some(python):
    """One before the frames of 3.11, one of each way to keep them, minipy."""
    return ALL or python.minipy or (not python.root and tuple(python.version) in ((2, 7), (3, 8), (3, 11), (3, 13)))


def few(python):
    return ALL or python.minipy or python.program == reference().program


class Ending:
    """A process that died in one of the program's ways: its core, its last words, the answer about it."""

    def __init__(self, python, way, folder):
        with open(PATTERN) as file:
            pattern = file.read().strip()
        if "|" in pattern or "/" in pattern:
            raise Skip(f"cores go to {pattern} here")
        truth = os.path.join(folder, "truth")
        unlimited = (resource.RLIM_INFINITY,) * 2
        done = subprocess.run([python.program, str(PROGRAM), way, truth], cwd=folder, timeout=3 * PATIENCE_S,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, unlimited),
                              env=dict(os.environ, LD_PRELOAD=str(OUT / "tests" / "fall.so"),
                                       PYTHONDONTWRITEBYTECODE="1"),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        check(os.path.exists(truth), "no last words", *done.stderr.decode(errors="replace").splitlines()[-5:])
        self.words = ast.literal_eval(Path(truth).read_text())
        cores = glob.glob(os.path.join(folder, "*core*"))
        if not cores:
            raise Skip("the kernel wrote no core")
        self.core, self.options = cores[0], [*root(python), "--lib-path", str(OUT / "tests")]
        answer = self.look("--json").exits(0)
        self.target, self.threads = answer.json["target"], answer.json["threads"]
        self.crashed = self.threads[0]
        equal("process", self.words["pid"], self.target["pid"])

    def look(self, *options):
        return pyinspect("core", *options, *self.options, self.core, timeout=3 * PATIENCE_S)

    def stands(self, *inner):
        """The crashed thread is whole, and stands where the words say, in these functions that it called since."""
        check(self.crashed["crashed"], "the thread that crashed is not first")
        whole(self.crashed)
        got = []
        for frame in python_frames(self.crashed):
            place = [frame["name"], frame["file"], frame["line"]]
            if got and got[-1][:3] == place:
                got[-1][3] += 1
            else:
                got.append(place + [1])
        equal("functions called since", list(inner), [place[0] for place in got[:len(inner)]])
        equal("frames", list(map(str, self.words["frames"])), list(map(str, got[len(inner):])))

    def native(self):
        return [frame["function"] for frame in self.crashed["frames"] if frame["kind"] == "native"]

    def died_of(self, name, place=None):
        equal("signal", name, self.target["signal"]["name"])
        if place:
            check(place in self.target["signal"]["place"], self.target["signal"]["place"])


def ended(python, way):
    """In a folder that is gone after the with block."""
    class Ended:
        def __enter__(self):
            self.folder = temporary_folder()
            try:
                return Ending(python, way, self.folder.name)
            except BaseException:
                self.folder.cleanup()
                raise

        def __exit__(self, *_):
            self.folder.cleanup()
    return Ended()


@case(every)
def ended_by_a_null_call(python):
    """In a native signal handler, called by that of a null pointer."""
    with ended(python, "null_call") as ending:
        ending.died_of("SIGSEGV", "a null pointer, which was called or jumped to")
        ending.stands("fall")
        equal("innermost native frames", [None, "call_nobody"], ending.native()[:2])
        check("<signal handler called>" in ending.look().out, "the signal is not shown among the frames")


@case(some)
def ended_by_a_full_stack(python):
    with ended(python, "overflow") as ending:
        ending.died_of("SIGSEGV", f"below the end of thread {ending.crashed['tid']}'s stack, in its guard page")
        equal("name", "diver", ending.crashed["name"])
        ending.stands("fall")
        check(ending.native().count("fill_stack") > 1000, "no deep stack")
        check(len(ending.look().out.splitlines()) < FEW_LINES, "the text is long")


@case(some)
def ended_while_importing(python):
    with ended(python, "importing") as ending:
        ending.died_of("SIGABRT")
        ending.stands()


@case(some)
def ended_at_exit(python):
    if python.minipy:
        raise Skip("minipy does not take modules apart")
    with ended(python, "at_exit") as ending:
        ending.died_of("SIGABRT")
        ending.stands()
        if tuple(python.version) >= (3, 7):
            check(", finalizing" in ending.look().out.splitlines()[3], "it is not said to end")


@case(some)
def ended_in_a_forked_child(python):
    with ended(python, "forked") as ending:
        ending.died_of("SIGABRT")
        ending.stands()
        equal("threads", 1, len(ending.threads))


@case(some)
def ended_in_a_handler(python):
    with ended(python, "handler") as ending:
        ending.died_of("SIGABRT")
        ending.stands()
        check(any("CheckSignals" in (name or "") for name in ending.native()) or not python.symbols,
              "nothing called the handler")


@case(few)
def ended_very_deep(python):
    with ended(python, "deep") as ending:
        ending.stands()
        check(len(python_frames(ending.crashed)) > DEPTH, "not deep")
        said = ending.look().exits(0).out
        check(len(said.splitlines()) < FEW_LINES and "this frame repeated" in said, "the text is long")
        limited = ending.look("--json", "--limit", "50").exits(0).json["threads"][0]
        equal("end", "limit", limited["end"])
        check(len(python_frames(limited)) <= 50, "--limit shows more")


@case(few)
def ended_with_many_threads(python):
    with ended(python, "many_threads") as ending:
        ending.stands()
        equal("threads", THREADS + 1, len(ending.threads))
        for thread in ending.threads[1:]:
            whole(thread)
        check(len({thread["name"] for thread in ending.threads}) == THREADS + 1, "names are missing")
        said = ending.look().exits(0).out
        check(len(said.splitlines()) < FEW_LINES and f"{THREADS} threads with this stack" in said, "the text is long")
