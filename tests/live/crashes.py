"""Crashes: what a process is told to have died of, and where, against its own last words."""
import ast
import contextlib
import fcntl
import json
import os
import signal
import subprocess
from pathlib import Path

from harness import (MINIPY, OUT, PATIENCE_S, PROGRAMS, PYINSPECT, ROOT, Skip, Target, check, equal, pyinspect,
                     python_frames, reference, temporary_folder, unharmed, wait_until)

CASES, PLAIN = [], []
PROGRAM = PROGRAMS / "crash.py"
PATTERN, PIPE_LIMIT = Path("/proc/sys/kernel/core_pattern"), Path("/proc/sys/kernel/core_pipe_limit")
# way: signal, code, what is said of the address
WAYS = {
    "segv": ("SIGSEGV", "SEGV_MAPERR", "a null pointer"),
    "null_call": ("SIGSEGV", "SEGV_MAPERR", "8 bytes behind a null pointer, which was called or jumped to"),
    "abort": ("SIGABRT", "SI_TKILL", None),
    "fpe": ("SIGFPE", "SI_USER", None),
    "overflow": ("SIGSEGV", "SEGV_MAPERR", "stack, which is full"),
    "forked": ("SIGSEGV", "SEGV_MAPERR", "a null pointer"),
    "in_thread": ("SIGSEGV", "SEGV_MAPERR", "a null pointer"),
}


def case(function):
    """For every Python."""
    function.runs_on = lambda python: True
    CASES.append(function)
    return function


def plain(function):
    PLAIN.append(function)
    return function


def same_exception(want, got):
    check(got is not None, "no exception shown")
    equal("exception", [want["type"], "handled"], [got["type"], got["state"]])
    equal("message", want["message"], got["message"])
    context = got["chain"][0]["type"] if got["chain"] else "NoneType"
    equal("context", want["context"], context)


def kept(folder, pid=None):
    """The one crash in a folder (of a process, where others may crash too), as JSON; its text, its snapshot."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(f"-{pid}.json" if pid else ".json"))
    check(len(names) == 1, f"{len(names)} crashes kept: {os.listdir(folder)}")
    base = os.path.join(folder, names[0][:-len(".json")])
    for suffix in ("json", "txt", "core"):
        check(os.stat(f"{base}.{suffix}").st_mode & 0o777 == 0o600, "others may read it")
    return json.loads(Path(base + ".json").read_text()), Path(base + ".txt").read_text(), base + ".core"


def right_report(report, way, truth):
    name, code, place = WAYS[way]
    told = report["target"]["signal"]
    equal("signal", [name, code], [told["name"], told["code"]])
    check((told["place"] or "").endswith(place) if place and "full" not in place else
          place is None or place in told["place"], f"place is {told['place']}")
    crashed = report["threads"][0]
    check(crashed["crashed"] and crashed["tid"] == told["tid"], "the thread that crashed is not first")
    check(crashed["registers"]["rip"] != "0x0", "no registers")
    check(sum(thread["crashed"] for thread in report["threads"]) == 1, "more than one thread crashed")
    if told["sender"] and way != "killed":
        equal("sender", [report["target"]["pid"], os.getuid()], [told["sender"]["pid"], told["sender"]["uid"]])
    frames = python_frames(crashed)
    if way == "in_thread":
        check("segv" in [frame["name"] for frame in frames], "segv is not in the thread's stack")
        return
    equal("outermost frames", ["inner", "outer", "<module>"], [frame["name"] for frame in frames[-3:]])
    equal("locals", [("way", repr(way)), ("word", "'deep'")],
          [(v["name"], v["repr"].lstrip("u")) for v in frames[-3]["locals"] if v["name"] in ("way", "word")])
    # Deep below, another exception may be on its way; in 2.7 os.fork changes nothing about it.
    if way != "overflow":
        same_exception(truth, crashed["exception"])


def run_one(python, way):
    with temporary_folder() as folder:
        truth, kept_in = os.path.join(folder, "truth"), os.path.join(folder, "crashes")
        answer = pyinspect("run", "-o", kept_in, "--", python.program, PROGRAM, way, truth)
        number = getattr(signal, WAYS[way][0])
        answer.exits(0 if way == "forked" else 128 + number)
        check(answer.out == "READY\n", f"standard output is {answer.out!r}")
        report, text, core = kept(kept_in)
        right_report(report, way, ast.literal_eval(Path(truth).read_text()))
        check(text.splitlines()[1] in answer.err, "the text that is kept was not printed")
        # The snapshot tells the same later.
        again = pyinspect("--json", "--locals", core).json
        equal("signal of the snapshot", report["target"]["signal"], again["target"]["signal"])
        equal("exception of the snapshot", report["threads"][0]["exception"], again["threads"][0]["exception"])
        equal("frames of the snapshot", [f["function"] for f in report["threads"][0]["frames"]],
              [f["function"] for f in again["threads"][0]["frames"]])


@case
def exception_in_a_dump(python):
    with temporary_folder() as folder:
        path = os.path.join(folder, "truth")
        with Target(python, PROGRAM, "killed", path) as target:
            truth = ast.literal_eval(Path(path).read_text())
            answer = pyinspect("--json", target.pid).exits(0)
            same_exception(truth, answer.thread(target.pid)["exception"])
            check(answer.json["target"]["signal"] is None, "a living process died of something")
            unharmed(target.pid)


@case
def crash_under_run(python):
    if python.minipy:
        raise Skip("minipy has no ctypes to crash with")
    if python.root:
        raise Skip("the program is in a root of its own")
    run_one(python, "segv")


@plain
def every_way_to_crash():
    for way in WAYS:
        run_one(reference(), way)


@plain
def killed_from_outside():
    """By another process: whose it was is told. minipy too."""
    for program in (reference().program, MINIPY):
        with temporary_folder() as folder:
            kept_in = os.path.join(folder, "crashes")
            process = subprocess.Popen([PYINSPECT, "run", "-o", kept_in, "--", program, str(PROGRAM), "killed"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            check(process.stdout.readline() == b"READY\n", "not ready")
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGBUS)
            process.communicate(timeout=PATIENCE_S)
            check(process.returncode == 128 + signal.SIGBUS, f"exit status {process.returncode}")
            report, text, _ = kept(kept_in)
            equal("sender", {"pid": os.getpid(), "uid": os.getuid()}, report["target"]["signal"]["sender"])
            check(f"sent by process {os.getpid()} of user {os.getuid()}" in text, text.splitlines()[1])
            check(python_frames(report["threads"][0])[-1]["name"] == "<module>", "no Python frames")


@plain
def run_changes_nothing():
    """Standard streams, exit status, handled signals, threads, exec, children."""
    program = """import os, signal, subprocess, sys, threading
got = []
signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGUSR1)
threads = [threading.Thread(target=got.append, args=(n,)) for n in range(20)]
[t.start() for t in threads]; [t.join() for t in threads]
said = subprocess.run([sys.executable, "-c", "print(input())"], input="echo", capture_output=True, text=True).stdout
print(len(got), said.strip(), sys.stdin.read(), flush=True)
os.execv("/bin/sh", ["sh", "-c", "echo err >&2; exit 9"])"""
    done = subprocess.run([PYINSPECT, "run", "--", reference().program, "-c", program], input=b"in", timeout=PATIENCE_S,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    equal("output", ["21 echo in\n", "err\n", "9"], [done.stdout.decode(), done.stderr.decode(), str(done.returncode)])


@plain
def command_outlives_us():
    """Killed itself, pyinspect leaves the command running and untraced."""
    process = subprocess.Popen([PYINSPECT, "run", "--", reference().program, str(PROGRAM), "killed"],
                               stdout=subprocess.PIPE)
    check(process.stdout.readline() == b"READY\n", "not ready")
    child = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
    try:
        process.kill()
        process.wait()
        wait_until(lambda: "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text(), "the command is let go")
        unharmed(child)
    finally:
        os.kill(child, signal.SIGKILL)
        process.stdout.close()


@plain
def not_python_under_run():
    answer = pyinspect("run", "--", "sh", "-c", "kill -SEGV $$").exits(128 + signal.SIGSEGV)
    check("died by SIGSEGV: no Python found" in answer.err, answer.err)
    pyinspect("run", "--", "/nonexistent/command").exits(3)
    pyinspect("run", "ls").exits(2)


@contextlib.contextmanager
def alone():
    """There is one core_pattern for all tests of this machine."""
    with open("/tmp/pyinspect-test-handler.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Installed:
    """The handler in place, and what was there before back again."""

    def __init__(self, folder, *options):
        for file in (PATTERN, PIPE_LIMIT):
            if not os.access(file, os.W_OK):
                raise Skip(f"{file} is not writable: the handler is not tested")
        self.options = ["--install", "-o", folder, *options]

    def __enter__(self):
        self.before = PATTERN.read_text(), PIPE_LIMIT.read_text()
        if "pyinspect" in self.before[0]:
            raise Skip("a handler of pyinspect is installed already")
        pyinspect("handler", *self.options).exits(0)
        return self

    def __exit__(self, *_):
        pyinspect("handler", "--remove").exits(0)
        equal("what stood there", self.before, (PATTERN.read_text(), PIPE_LIMIT.read_text()))


def crashed(program, *args):
    done = subprocess.run([program, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE_S)
    check(done.returncode < 0, f"{program} exited with {done.returncode}")


@plain
def kernel_calls_the_handler():
    with temporary_folder() as folder:
        truth, kept_in = os.path.join(folder, "truth"), os.path.join(folder, "c")
        # A name that would leave the directory, or steer a terminal, were it used.
        hostile = os.path.join(folder, "%p ..\x1b[2J")
        os.symlink(reference().program, hostile)
        with alone(), Installed(kept_in):
            check("installed" in pyinspect("handler", "--status").exits(0).out, "--status does not say so")
            crashed(hostile, str(PROGRAM), "segv", truth)
            crashed("/bin/sh", "-c", "kill -SEGV $$")
        words = ast.literal_eval(Path(truth).read_text())
        report, text, core = kept(kept_in, words["pid"])
        right_report(report, "segv", words)
        check("\x1b" not in text, "an escape sequence in the text")
        equal("snapshot", "SIGSEGV", pyinspect("--json", core).json["target"]["signal"]["name"])
        equal("folder", sorted(["c", "truth", os.path.basename(hostile)]), sorted(os.listdir(folder)))


@plain
def handler_keeps_its_limits():
    with temporary_folder() as folder:
        kept_in = os.path.join(folder, "c")
        with alone(), Installed(kept_in, "--keep=1"):
            for _ in range(2):
                crashed(reference().program, str(PROGRAM), "abort")
        kept(kept_in)


@plain
def handler_survives_crashes_at_once():
    with alone():
        done = subprocess.run([str(ROOT / "scripts" / "soak-handler"), "20"], stdout=subprocess.PIPE,
                              timeout=5 * PATIENCE_S, env=dict(os.environ, O=str(OUT)))
    said = done.stdout.decode()
    if "SKIPPED" in said:
        raise Skip(said.strip())
    check(done.returncode == 0, *said.splitlines())
