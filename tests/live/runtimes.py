"""Several Pythons in one process: each thread's stack with the frames of all of them, in the order they called."""
import ast
import os
import shutil
import subprocess
from pathlib import Path

from harness import (OUT, PROGRAMS, Failure, Python, Skip, Target, check, equal, pyinspect, python_frames, pythons,
                     reference, settle, temporary_folder, tids, unharmed, wait_until, whole)
from snapshots import take, without_moment

CASES = []
EMBED = str(OUT / "tests" / "embed")


def case(function):
    CASES.append(function)
    return function


class Library:
    """A libpython, the home that it belongs to, and whether it gets a namespace of the dynamic linker for itself."""

    def __init__(self, path, home, version, apart=False):
        self.path, self.home, self.version, self.apart = path, home, version, apart
        self.module = os.path.basename(path)

    def words(self):
        return ["=" * self.apart + self.path, self.home]

    def copied(self, folder, name):
        return Library(shutil.copy(self.path, os.path.join(folder, name)), self.home, self.version)


def libraries(least=1):
    """The shared libpythons of this machine, oldest first."""
    found = []
    for python in pythons():
        home = Path(python.program).parent.parent
        paths = sorted(home.glob("lib/libpython%d.%d*.so.1.0" % python.version))
        if paths and not python.why_not and not python.root:
            found.append(Library(str(paths[0]), str(home), python.version))
    if len(found) < least:
        raise Skip(f"needs {least} shared libpythons, has {len(found)}")
    return sorted(found, key=lambda library: library.version)


class Saying(Target):
    """What each of its Pythons says of its own frames is in own_words."""

    def __init__(self, *args, **options):
        self.own_words = {}
        super().__init__(*args, **options)

    def expect(self, word):
        for line in iter(self.process.stdout.readline, b""):
            line = line.decode()
            if line.startswith("FRAMES "):
                _, number, frames = line.split(" ", 2)
                self.own_words[int(number)] = ast.literal_eval(frames)
            elif line == word + "\n":
                return
        self.errors.seek(0)
        raise Failure(f"{self.command}: no {word}: " + self.errors.read().decode(errors="replace")[-600:])


class Host(Saying):
    """tests/live/embed.c: a program with Pythons of its own."""

    def __init__(self, used, *words, settled=True):
        self.used = used
        words += tuple(word for library in used for word in library.words())
        super().__init__(Python("embed", EMBED, (0, 0)), *words, settled=settled)

    def said(self):
        """The latest call first: what was entered last stands first."""
        return [f"{self.used[number].module} {function}:{line}" for number in sorted(self.own_words, reverse=True)
                for function, line in self.own_words[number]]


def shown(answer, thread):
    names = [runtime["module"] for runtime in answer.json["target"]["runtimes"]]
    return [f"{names[f['runtime']]} {f['function']}:{f['line']}" for f in python_frames(thread)]


def is_right(host, answer):
    equal("number of runtimes", len(host.used), len(answer.json["target"]["runtimes"]))
    equal("warnings", [], answer.json["warnings"])
    thread = answer.thread(host.pid)
    whole(thread)
    equal("frames", host.said(), shown(answer, thread))
    inner = [frame for frame in python_frames(thread) if frame["name"] == "inner"]
    for number, frame in enumerate(reversed(inner)):
        equal(f"locals of {number}", [("depth", str(number + 20)), ("here", str(2 * number + 40))],
              [(local["name"], local["repr"]) for local in frame["locals"]])
    own = [frame["function"] for frame in thread["frames"] if frame.get("module") == "embed" and not frame["plumbing"]]
    equal("the host's own calls", ["call_next", "enter_python"] * len(host.used) + ["main"], own)


def right_everywhere(used):
    """Live, without native frames, and from a snapshot."""
    with Host(used) as host, temporary_folder() as folder:
        live = pyinspect("--json", "--locals", "--no-kernel", host.pid).exits(0)
        is_right(host, live)
        plain = pyinspect("--json", "--native=none", host.pid).exits(0)
        equal("frames without native ones", host.said(), shown(plain, plain.thread(host.pid)))
        settle(host.pid)
        path = take(host, folder)
        unharmed(host.pid)
        host.close()
        kept = pyinspect("--json", "--locals", "--no-kernel", path).exits(0)
        equal("snapshot", without_moment(live.out), without_moment(kept.out))


@case
def embedded_interpreter():
    """One Python in a program that is none."""
    for library in libraries():
        right_everywhere([library])


@case
def two_runtimes():
    found = libraries(2)
    for older, newer in [*zip(found, found[1:]), (found[0], found[-1])]:
        right_everywhere([older, newer])
        right_everywhere([newer, older])


@case
def many_runtimes():
    found = libraries(3)
    with temporary_folder() as folder:
        chosen = (found[::2] + found[1::2])[:7]
        right_everywhere([*chosen, chosen[0].copied(folder, "libcopied.so")])


@case
def same_version_twice():
    """A copy of the file, and the file itself in another namespace."""
    for library in libraries():
        with temporary_folder() as folder:
            right_everywhere([library, library.copied(folder, "libother.so")])
    for library in libraries()[-2:]:
        right_everywhere([library, Library(library.path, library.home, library.version, apart=True)])


def two_pythons(python, library):
    """The other half of a process says what it was called through, too: ctypes."""
    with Saying(python, PROGRAMS / "two_pythons.py", library.path, library.home) as target:
        answer = pyinspect("--json", "--locals", target.pid).exits(0)
        thread = answer.thread(target.pid)
        whole(thread)
        first, second = target.own_words[0], target.own_words[1]
        got = [(f["runtime"], f["function"], f["line"]) for f in python_frames(thread)]
        want = [(0, *f) for f in first[:2]] + [(1, *f) for f in second] + [(0, *f) for f in first[2:]]
        equal(f"{python} with {library.module}", list(map(str, want)), list(map(str, got)))
        described = answer.json["target"]["runtimes"]
        equal("versions", [list(python.version), list(library.version)], [r["python"][:2] for r in described])
        equal("values", ["'in the first'", "'in the second'"],
              [v["repr"] for f in python_frames(thread) for v in f["locals"] if v["name"] == "text"])
        through = [f["function"] for f in thread["frames"] if (f.get("module") or "").startswith("_ctypes")]
        check(through, "nothing of ctypes between them")
        unharmed(target.pid)


@case
def a_second_python_through_ctypes():
    """Static and shared ones with the oldest and the newest library, and with one of their own version."""
    found = libraries()
    with temporary_folder() as folder:
        for python in pythons():
            if python.minipy or python.why_not or python.root:
                continue
            own = [one.copied(folder, f"lib{number}.so") for number, one in enumerate(found) if one.version == python.version]
            for library in [one for one in (found[0], found[-1]) if one.version != python.version] + own:
                two_pythons(python, library)


def looks(host):
    """(answer, the second thread) a few times."""
    for _ in range(20):
        answer = pyinspect("--json", host.pid).exits(0)
        yield answer, answer.thread(tids(host.pid)[1])
    raise Failure(f"{host.command}: nobody waits for the GIL")


@case
def whose_lock_is_waited_for():
    """A thread without a frame waits for the second Python's lock, which the main thread has, as it has the first's."""
    found = [library for library in libraries(2) if library.version >= (3, 7)]
    for first, second in zip(found, found[1:] + found[:1]):
        with Host([first, second], "-w1", settled=False) as host:
            wait_until(lambda: len(tids(host.pid)) == 2, "a second thread")
            # It waits 5 ms at a time, and may be looked at in between.
            answer, waiter = next((a, w) for a, w in looks(host) if w["gil"] == "waiting")
            names = [runtime["name"] for runtime in answer.json["target"]["runtimes"]]
            equal("the other thread", "held", answer.thread(host.pid)["gil"])
            equal("what it waits for", {"kind": "gil", "text": f"the GIL of {names[1]}", "owner_tid": host.pid}, waiter["waits_for"])
            equal("the runtime of a thread without frames", 1, waiter["runtime"])
            unharmed(host.pid)


@case
def minipy_beside_cpython():
    """Two programs' Pythons have nothing in common but the process: each in a thread of its own."""
    library = libraries()[-1]
    env = {"LD_PRELOAD": str(OUT / "tests" / "embed.so"), "EMBED": " ".join(library.words())}
    with Saying(pythons()[0], PROGRAMS / "call_stack.py", 60, env=env) as target:
        target.expect("READY")  # both say so
        settle(target.pid)
        answer = pyinspect("--json", "--locals", target.pid).exits(0)
        equal("modules", ["minipy", library.module], [r["module"] for r in answer.json["target"]["runtimes"]])
        main, other = (answer.thread(tid) for tid in tids(target.pid))
        for thread, runtime in ((main, 0), (other, 1)):
            whole(thread)
            equal("runtime", [runtime], sorted({f["runtime"] for f in python_frames(thread)}))
        equal("CPython's frames", target.own_words[0], [(f["name"], f["line"]) for f in python_frames(other)])
        equal("minipy's frames", ["call_stack.py"] * 5, [os.path.basename(f["file"]) for f in python_frames(main)])
        unharmed(target.pid)


@case
def a_library_that_never_started():
    """It is there, but there is nothing to show of it, and nothing to warn of."""
    for library in libraries():
        with temporary_folder() as folder:
            path = os.path.join(folder, "program.py")
            Path(path).write_text("import ctypes, sys, time\nctypes.CDLL(sys.argv[1], mode=8)\n"
                                  "sys.stdout.write('READY\\n')\nsys.stdout.flush()\ntime.sleep(60)\n")
            copy = library.copied(folder, "libpython-idle.so")
            with Target(reference(), path, copy.path) as target:
                answer = pyinspect("--json", target.pid).exits(0)
                equal("runtimes", [list(reference().version)], [r["python"][:2] for r in answer.json["target"]["runtimes"]])
                equal("warnings", [], answer.json["warnings"])
                equal("its file", 1, sum(m["path"] == copy.path for m in answer.json["target"]["modules"]))


LINKED = """
extern void Py_Initialize(void), *PyType_Type, *PyCode_Type, *PyTuple_Type;
extern int PyRun_SimpleString(const char *text);
void *volatile named[] = {&PyType_Type, &PyCode_Type, &PyTuple_Type};
int main(void)
{
	Py_Initialize();
	return PyRun_SimpleString("def f(text):\\n    import sys\\n    sys.stdout.write(text + '\\\\n')\\n"
				  "    sys.stdout.flush()\\n    sys.stdin.readline()\\nf('READY')\\n");
}
"""


@case
def program_with_types_of_its_own():
    """A program that is no PIE has the types it names in its own data: those in the library are dead."""
    for library in libraries():
        with temporary_folder() as folder:
            source, program = os.path.join(folder, "linked.c"), os.path.join(folder, "linked")
            Path(source).write_text(LINKED)
            command = ["cc", "-no-pie", "-fno-pie", "-o", program, source, library.path, f"-Wl,-rpath,{library.home}/lib"]
            try:
                subprocess.run(command, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise Skip(f"no C compiler that makes it: {error}") from None
            with Target(Python("linked", program, (0, 0)), "unused", env={"PYTHONHOME": library.home}) as target:
                answer = pyinspect("--json", "--locals", target.pid).exits(0)
                thread = answer.thread(target.pid)
                equal("frames", ["f:5", "<module>:6"], [f"{f['name']}:{f['line']}" for f in python_frames(thread)][-2:])
                equal("text", ["'READY'"], [v["repr"] for f in python_frames(thread) for v in f["locals"] if v["name"] == "text"])
                equal("module", [library.module], [r["module"] for r in answer.json["target"]["runtimes"]])
