"""What live tests are made of: the Pythons under test, target programs, the inspector's answer."""
import ast
import difflib
import functools
import glob
import json
import linecache
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = Path(os.environ.get("O") or "build").resolve()
PYINSPECT = str(OUT / "pyinspect")
MINIPY = str(OUT / "minipy")
HELPERS = str(OUT / "tests" / "helpers.so")
PROGRAMS = ROOT / "tests" / "programs"
BROUGHT = ROOT / "build" / "pythons"  # by scripts/get-pythons
SUPPORTED = ((2, 7), *((3, minor) for minor in range(6, 16)))
PATIENCE_S = 20 * (3 if os.environ.get("SAN") else 1)
SETTLED_S = 0.03
ALL = "--all" in sys.argv  # also what takes minutes


class Failure(Exception):
    """The message's lines become the diagnostics."""


class Skip(Exception):
    pass


def check(condition, *lines):
    if not condition:
        raise Failure("\n".join(str(line) for line in lines))


def equal(what, want, got):
    """Compares texts, or lists of lines, and shows the difference."""
    if want == got:
        return
    want, got = (value if isinstance(value, list) else str(value).splitlines() for value in (want, got))
    raise Failure("\n".join([what + " differ:"] + list(
        difflib.unified_diff(want, got, "expected", "got", lineterm="", n=3))[:60]))


# --- the Pythons under test ---------------------------------------------------------------------------------

class Python:
    def __init__(self, name, program, version, why_not=None, exe=None, root=""):
        self.name, self.program, self.version, self.why_not = name, program, version, why_not
        # What program leads to, and, where that is in a root of its own, the root.
        self.exe, self.root = exe or program, root
        self.minipy = name == "minipy"
        # Static functions have names only where the symbol table was kept.
        self.symbols = self.minipy or has_symbols(program)

    def __repr__(self):
        return self.name


ASK = """import platform, sys, sysconfig
print(sys.executable); print(platform.python_implementation()); print("%d %d" % sys.version_info[:2])
print(sysconfig.get_config_var("Py_GIL_DISABLED") or 0); print(sys.maxsize > 2 ** 32)
print(sysconfig.get_config_var("INSTSONAME") if sysconfig.get_config_var("Py_ENABLE_SHARED") else "")
print(sysconfig.get_config_var("LIBDIR"))"""


def has_symbols(program):
    done = subprocess.run(["readelf", "-SW", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return ".symtab" in done.stdout


def ask_python(candidate):
    """The Python behind a command, past version managers' start scripts; None where there is none."""
    try:
        done = subprocess.run([candidate, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              timeout=PATIENCE_S, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stdout.splitlines()
    if len(said) != 7:
        return None
    brought = candidate.startswith(str(BROUGHT))
    root = str(next(BROUGHT.glob("*" + said[0])))[:-len(said[0])] if brought else ""
    program, kind, version = os.path.realpath(said[0]), said[1], tuple(int(n) for n in said[2].split())
    why_not = None
    if kind != "CPython":
        why_not = f"{kind} is not supported"
    elif said[3] != "0":
        why_not = "free-threaded builds are not supported yet"
    elif said[4] != "True":
        why_not = "not a 64-bit build"
    elif version not in SUPPORTED:
        why_not = "Python {}.{} is not supported yet".format(*version)
    if root:
        return Python(str(Path(candidate).relative_to(ROOT)), candidate, version, why_not, root + said[0], root)
    python = Python(program, program, version, why_not)
    library = os.path.join(said[6], said[5])
    if said[5] and os.path.exists(library):
        python.symbols = has_symbols(library)
    return python


@functools.lru_cache(None)
def pythons():
    """minipy first, then every CPython of this machine, each once."""
    candidates = ["/usr/bin/python3"]
    candidates += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")))
    candidates += sorted(map(str, BROUGHT.glob("bin/python*")))
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if "/shims" not in folder:
            candidates += sorted(p for p in glob.glob(folder + "/python*") if re.search(r"/python[\d.]*$", p))
    found = {}
    for candidate in candidates:
        real = os.path.realpath(candidate)
        if real not in found:
            python = ask_python(candidate)
            if python:
                found.setdefault(python.program, python)
                found.setdefault(real, python)
    return [Python("minipy", MINIPY, (3, 11))] + list(dict.fromkeys(found.values()))


def reference():
    """The CPython to compare minipy with: the nearest to what minipy follows."""
    able = [p for p in pythons() if not p.minipy and not p.why_not and p.version >= (3, 11)]
    if not able:
        raise Skip("no supported CPython to compare minipy with")
    return min(able, key=lambda python: python.version)


# --- processes ----------------------------------------------------------------------------------------------

def read_status(pid, tid=None):
    """/proc's status of a process or thread as a dict; empty when it is gone."""
    path = f"/proc/{pid}/task/{tid}/status" if tid else f"/proc/{pid}/status"
    try:
        with open(path) as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    except OSError:
        return {}


def state(pid, tid=None):
    return read_status(pid, tid).get("State", "?")[0]


def tids(pid):
    return sorted(int(name) for name in os.listdir(f"/proc/{pid}/task"))


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.005)


def settle(pid):
    """Waits until every thread sleeps and has not run between two looks."""
    def look():
        seen = []
        for tid in tids(pid):
            status = read_status(pid, tid)
            seen.append((tid, status.get("State", "?")[0], status.get("voluntary_ctxt_switches")))
        return seen

    def quiet():
        before = look()
        if any(thread[1] not in "SDT" for thread in before):
            return False
        time.sleep(SETTLED_S)
        return look() == before
    wait_until(quiet, f"all threads of {pid} asleep")


class Target:
    """A program under a Python, ready to be looked into; gone at the end of a with block."""

    def __init__(self, python, program, *args, ready="READY", settled=True, env=None, cwd=None):
        self.python, self.tids = python, []
        self.errors = tempfile.TemporaryFile()
        command = [python.program, str(program), *map(str, args)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                        env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **(env or {})), cwd=cwd)
        self.pid = self.process.pid
        self.command = " ".join(command)
        try:
            self.expect(ready)
            if settled:
                settle(self.pid)
        except BaseException:
            self.close()
            raise

    def expect(self, word):
        """Waits for a line of its output."""
        end = time.monotonic() + PATIENCE_S
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            byte = os.read(self.process.stdout.fileno(), 1) if ready else b""
            if not byte:
                self.errors.seek(0)
                said = self.errors.read().decode(errors="replace").splitlines()[-12:]
                raise Failure("\n".join([f"{self.command}: no {word}, but {line!r}"] + said))
            line += byte
        check(line.decode().rstrip("\n") == word, f"{self.command}: said {line!r} instead of {word}")

    def truth(self):
        """What the program says of its own threads, by name."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
            self.process.stdin.write((file.name + "\n").encode())
            self.process.stdin.flush()
            self.expect("DONE")
            return {thread["name"]: thread for thread in ast.literal_eval(file.read())}

    def close(self):
        self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, self.process.stdout, self.errors):
            file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def unharmed(pid):
    """No thread was left stopped or traced."""
    for tid in tids(pid):
        status = read_status(pid, tid)
        if status:
            check(status["State"][0] not in "tT", f"thread {tid} left in state {status['State']}")
            check(status["TracerPid"] == "0", f"thread {tid} left traced by {status['TracerPid']}")


# --- the inspector ------------------------------------------------------------------------------------------

class Answer:
    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err

    @functools.cached_property
    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise Failure(f"{self.command}: no JSON: {error}\n{self.out[:500]}\n{self.err[:2000]}") from None

    def thread(self, tid):
        found = [thread for thread in self.json["threads"] if thread["tid"] == tid]
        check(len(found) == 1, f"{len(found)} threads with tid {tid}", [t["tid"] for t in self.json["threads"]])
        return found[0]

    def exits(self, *codes):
        """One of these exit codes, and what goes with each."""
        shown = [self.command, *self.out.splitlines()[:20], *self.err.splitlines()[:20]]
        check(self.code in codes, f"exit code {self.code}, expected {' or '.join(map(str, codes))}", *shown)
        if self.code in (2, 3, 4):
            check(self.out == "", "an error, but something on standard output", *shown)
        if self.code in (3, 4):
            lines = self.err.splitlines()
            check(lines and lines[0].startswith("pyinspect: ") and self.command.split()[-1] in lines[0],
                  "no line `pyinspect: ...` that names what was asked for", *shown)
            check(len(lines) <= 3, "more than an error and a hint", *shown)
        check("Sanitizer" not in self.err and "runtime error" not in self.err, *shown)
        return self


def pyinspect(*args, prefix=(), timeout=PATIENCE_S):
    command = [*prefix, PYINSPECT, *map(str, args)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=timeout, env=dict(os.environ, NO_COLOR="1"))
    except subprocess.TimeoutExpired:
        raise Failure(f"{' '.join(command)}: no end within {timeout} s") from None
    return Answer(" ".join(command), done.returncode, done.stdout.decode("utf-8", "surrogateescape"),
                  done.stderr.decode("utf-8", "replace"))


# --- comparing ----------------------------------------------------------------------------------------------

def python_frames(thread):
    return [frame for frame in thread["frames"] if frame["kind"] == "python"]


def frame_lines(frames):
    return [f"{frame['function']}  {frame['file']}:{frame['line']}" for frame in frames]


def names_between(thread, inner, outer):
    """The native frames between the innermost Python frame named `inner` and the next one, named `outer`."""
    frames, found, collecting = thread["frames"], [], False
    for frame in frames:
        if frame["kind"] == "python":
            if collecting:
                check(frame["name"] == outer, f"{inner}'s caller is {frame['name']}, expected {outer}")
                return found
            collecting = frame["name"] == inner
        elif collecting:
            found.append(frame)
    raise Failure(f"no Python frame {inner} called by {outer}")


def whole(thread):
    """A thread of which nothing is missing, from the kernel's edge to where it began."""
    where = f"thread {thread['tid']} ({thread['name']})"
    check(thread["merge"] == "complete", f"{where}: merge is {thread['merge']}")
    check(thread["end"] == "complete", f"{where}: end is {thread['end']}")
    last = thread["frames"][-1]
    check(last["kind"] == "native", f"{where}: the outermost frame is {last}")
    check(last["function"] in (None, "_start", "clone3", "__clone3", "clone", "__clone", "start_thread"),
          f"{where}: begins in {last['function']}")


def variables_differ(where, want, got):
    """Lines that say what is wrong with a frame's locals; `want` as truth.py gives them."""
    if want is None:
        return []
    want, got, lines = {v[0]: v for v in want}, {v["name"]: v for v in got}, []
    for name in sorted(want.keys() ^ got.keys()):
        lines.append(f"{where}: {name} is {'missing' if name in want else 'not bound, but shown'}")
    for name in sorted(want.keys() & got.keys()):
        (_, kind, type_name, text), shown = want[name], got[name]
        if shown["type"] != type_name:
            lines.append(f"{where}: type of {name} is {type_name}, shown {shown['type']}")
        if text is not None and (not text.startswith(shown["repr"]) if shown["truncated"] else text != shown["repr"]):
            lines += [f"{where}: {name}:", f"  expected {ascii(text)[:400]}", f"  got      {ascii(shown['repr'])[:400]}"]
        # An argument that an inner function uses is both.
        if shown["kind"] != kind and not {shown["kind"], kind} <= {"arg", "cell"}:
            lines.append(f"{where}: {name} is a {kind}, shown as {shown['kind']}")
    return lines


def seen_from_here(python, path):
    """Where we find what the target has at path."""
    inside = python.root + path
    return inside if python.root and os.path.exists(inside) else path


def same_stack(python, want, thread):
    """A thread's Python frames, places and locals against the target's own word."""
    got = python_frames(thread)
    equal(f"frames of {thread['name']} ({thread['tid']})", frame_lines(want["frames"]), frame_lines(got))
    lines = []
    for expected, frame in zip(want["frames"], got):
        where = f"{frame['function']} line {frame['line']}"
        if frame["column"] != expected["column"]:
            lines.append(f"{where}: column {expected['column']}, shown {frame['column']}")
        source = linecache.getline(seen_from_here(python, frame["file"]), frame["line"] or 0).strip()
        if (frame["source"] or "").strip() != source:
            lines.append(f"{where}: source {source!r}, shown {frame['source']!r}")
        lines += variables_differ(where, expected["locals"], frame["locals"])
    check(not lines, *lines[:40])


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="pyinspect-test-")


def copy_for_others(path, folder):
    """A copy that any user may run."""
    os.chmod(folder, 0o755)
    copy = os.path.join(folder, os.path.basename(path))
    shutil.copy(path, copy)
    os.chmod(copy, 0o755)
    return copy


def adder(cases):
    """The decorator @case(runs_on) of a file: its function is one of the cases, for the Pythons that runs_on says."""
    def case(runs_on):
        def add(function):
            function.runs_on = runs_on
            cases.append(function)
            return function
        return add
    return case
