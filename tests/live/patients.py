"""Processes that are no easy target: the right answer, the right exit code, and nothing left stopped."""
import os
import random
import re
import signal
import struct
import subprocess
import time

from harness import (HELPERS, PROGRAMS, PYINSPECT, Skip, Target, check, copy_for_others, equal, pyinspect, pythons,
                     python_frames, reference, settle, state, temporary_folder, unharmed, wait_until, whole)

CASES = []


def case(function):
    CASES.append(function)
    return function


def program(folder, text):
    path = os.path.join(folder, "program.py")
    with open(path, "w") as file:
        file.write(text)
    return path


def minipy():
    return pythons()[0]


def complains(answer, pid, why):
    check(answer.out == "" and answer.err.startswith(f"pyinspect: process {pid}: {why}"), answer.out, answer.err)


# --- no Python there -----------------------------------------------------------------------------------------

@case
def not_python():
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            answer = pyinspect(process.pid).exits(3)
            complains(answer, process.pid, "")
            check("sleep" in answer.err or "Python" in answer.err, answer.err)
            pyinspect("--json", process.pid).exits(3)
            check(state(process.pid) == "S", "not asleep any more")
        finally:
            process.kill()


@case
def no_such_process():
    complains(pyinspect(2 ** 22 + 1).exits(3), 2 ** 22 + 1, "no such process")
    complains(pyinspect("maps", 2 ** 40).exits(3), 2 ** 40, "no such process")
    process = subprocess.Popen(["true"])
    process.wait()
    complains(pyinspect(process.pid).exits(3), process.pid, "no such process")


@case
def no_such_file():
    pyinspect("/nonexistent/core").exits(3)


@case
def zombie():
    with subprocess.Popen(["true"]) as process:
        wait_until(lambda: state(process.pid) == "Z", "a zombie")
        complains(pyinspect(process.pid).exits(3), process.pid, "a zombie: ")


@case
def python_zombie():
    with Target(reference(), PROGRAMS / "call_stack.py", 60) as target:
        os.kill(target.pid, signal.SIGKILL)
        wait_until(lambda: state(target.pid) == "Z", "a zombie")
        complains(pyinspect(target.pid).exits(3), target.pid, "a zombie: ")


@case
def dead_main_thread():
    """The process lives on in another thread, its leader is a zombie."""
    with temporary_folder() as folder:
        path = program(folder, "import ctypes, threading, time\n"
                               "def work():\n    print('READY', flush=True)\n    time.sleep(60)\n"
                               "threading.Thread(target=work).start()\n"
                               "ctypes.CDLL(None).pthread_exit(None)\n")
        with Target(reference(), path, settled=False) as target:
            wait_until(lambda: state(target.pid) == "Z", "a dead main thread")
            answer = pyinspect("--json", target.pid).exits(0, 1)
            names = [f["name"] for thread in answer.json["threads"] for f in python_frames(thread)]
            check("work" in names, "the living thread is not shown", names)
            other = next(t for t in os.listdir(f"/proc/{target.pid}/task") if int(t) != target.pid)
            check(state(target.pid, other) == "S", "the living thread does not sleep any more")


@case
def kernel_thread():
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            with open(f"/proc/{pid}/stat") as file:
                flags = int(file.read().rpartition(")")[2].split()[6])
        except OSError:
            continue
        if flags & 0x00200000:  # PF_KTHREAD
            complains(pyinspect(pid).exits(3), pid, "a kernel thread")
            return
    raise Skip("no kernel thread visible here")


def elf32(code):
    """A static i386 program of one page."""
    size = 52 + 32 + len(code)
    header = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\x01\x01\x01", 2, 3, 1, 0x08048000 + 84, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    return header + struct.pack("<IIIIIIII", 1, 0, 0x08048000, 0x08048000, size, size, 5, 4096) + code


@case
def thirty_two_bits():
    with temporary_folder() as folder:
        path = os.path.join(folder, "python3")
        with open(path, "wb") as file:
            file.write(elf32(b"\xb8\x1d\0\0\0\xcd\x80\xeb\xf7"))  # pause() for ever
        os.chmod(path, 0o755)
        try:
            process = subprocess.Popen([path])
        except OSError as error:
            raise Skip(f"this kernel runs no 32-bit programs ({error.strerror})") from None
        with process:
            try:
                wait_until(lambda: state(process.pid) == "S", "pause()")
                complains(pyinspect(process.pid).exits(3), process.pid, "a 32-bit program")
                check(state(process.pid) == "S", "not asleep any more")
            finally:
                process.kill()


@case
def usage_errors():
    for arguments in ((), ("--no-such-option", "1"), ("dump",), ("no-such-command-or-file",), ("dump", "--limit"), ("0",), ("-5",),
                      ("--thread", "x", "1"), ("dump", "1", "--native=some")):
        expected = (3,) if arguments == ("no-such-command-or-file",) else (2, 3) if arguments in (("0",), ("-5",)) else (2,)
        pyinspect(*arguments).exits(*expected)
    check("Usage" in pyinspect("--help").exits(0).out or "usage" in pyinspect("--help").out, "no usage in --help")
    check(re.match(r"pyinspect \d", pyinspect("--version").exits(0).out), "no version")


# --- rights --------------------------------------------------------------------------------------------------

@case
def no_permission():
    if os.getuid() != 0:
        if os.stat("/proc/1").st_uid == os.getuid():
            raise Skip("process 1 is one's own here")
        pyinspect(1).exits(4)
        return
    other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--")
    with temporary_folder() as folder, Target(minipy(), PROGRAMS / "call_stack.py", 60) as target:
        copy = copy_for_others(PYINSPECT, folder)
        done = subprocess.run([*other, copy, str(target.pid)], capture_output=True, text=True, timeout=20)
        check(done.returncode == 4, f"exit code {done.returncode}", done.stdout, done.stderr)
        check(done.stderr.startswith(f"pyinspect: process {target.pid}: permission denied\n"), done.stderr)
        check(done.stdout == "" and "CAP_SYS_PTRACE" in done.stderr, done.stdout, done.stderr)
        for arguments in ([str(target.pid)], ["maps", "--all", str(target.pid)], ["snapshot", str(target.pid), "-o", "/dev/null"]):
            done = subprocess.run([*other, copy, *arguments], capture_output=True, text=True, timeout=20)
            check(done.returncode == 4 and f": sudo {copy} {' '.join(arguments)}\n" in done.stderr, done.stderr)
        unharmed(target.pid)


@case
def own_process_of_a_user():
    """No root needed for what is one's own."""
    if os.getuid() != 0:
        raise Skip("needs root to become another user")
    if os.path.exists("/proc/sys/kernel/yama/ptrace_scope") and open("/proc/sys/kernel/yama/ptrace_scope").read() != "0\n":
        raise Skip("Yama lets no user look into a process that is not a child")
    other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--")
    python = reference()
    if not python.program.startswith("/usr/"):
        raise Skip("no CPython that another user may run")
    with temporary_folder() as folder:
        copy, script = copy_for_others(PYINSPECT, folder), copy_for_others(PROGRAMS / "call_stack.py", folder)
        with subprocess.Popen([*other, python.program, script, "60"], stdout=subprocess.PIPE, text=True) as process:
            try:
                check(process.stdout.readline() == "READY\n", "not ready")
                settle(process.pid)
                done = subprocess.run([*other, copy, str(process.pid)], capture_output=True, text=True, timeout=20)
                check(done.returncode == 0, f"exit code {done.returncode}", done.stdout, done.stderr)
                unharmed(process.pid)
            finally:
                process.kill()


# --- stopping and not stopping -------------------------------------------------------------------------------

@case
def stopped_by_signal():
    for python in (minipy(), reference()):
        with Target(python, PROGRAMS / "call_stack.py", 60) as target:
            os.kill(target.pid, signal.SIGSTOP)
            wait_until(lambda: state(target.pid) == "T", "stopped")
            for _ in range(3):
                thread = pyinspect("--json", target.pid).exits(0).thread(target.pid)
                whole(thread)
                check(thread["state"] == "T", f"state shown as {thread['state']}")
                equal("functions", ["wait", "multiply", "add", "main", "<module>"], [f["name"] for f in python_frames(thread)])
                check(state(target.pid) == "T", f"left in state {state(target.pid)}")
            os.kill(target.pid, signal.SIGCONT)
            wait_until(lambda: state(target.pid) == "S", "goes on after SIGCONT")
            settle(target.pid)
            unharmed(target.pid)


@case
def uninterruptible_sleep():
    with temporary_folder() as folder:
        path = program(folder, "import ctypes, threading, time\n"
                               f"library = ctypes.CDLL({HELPERS!r})\n"
                               "def other():\n    time.sleep(60)\n"
                               "threading.Thread(target=other, daemon=True).start()\n"
                               "def uninterruptible():\n    library.vfork_wait(4000)\n"
                               "print('READY', flush=True)\nuninterruptible()\nprint('DONE', flush=True)\ntime.sleep(60)\n")
        with Target(reference(), path, settled=False) as target:
            wait_until(lambda: state(target.pid) == "D", "uninterruptible sleep")
            begun = time.monotonic()
            answer = pyinspect("--json", target.pid).exits(1)
            took = time.monotonic() - begun
            check(took < 2, f"took {took:.1f} s")
            thread = answer.thread(target.pid)
            check(thread["state"] == "D", f"state shown as {thread['state']}")
            check((thread["merge"], thread["end"]) != ("complete", "complete"), "called complete")
            names = [f["name"] for t in answer.json["threads"] for f in python_frames(t)]
            check("other" in names, "the thread that does stop is not shown", names)
            text = pyinspect(target.pid).exits(1).out
            check("uninterruptible" in text, "the reason is not named", text)
            target.expect("DONE")
            settle(target.pid)
            unharmed(target.pid)
            check(pyinspect(target.pid).exits(0), "complete once it sleeps again")


@case
def exits_meanwhile():
    with temporary_folder() as folder:
        path = program(folder, "import sys, time\ndef work():\n    time.sleep(float(sys.argv[1]))\nprint('READY')\n"
                               "sys.stdout.flush()\nwork()\n")
        for attempt in range(24):
            python = (minipy(), reference())[attempt % 2]
            with Target(python, path, f"{0.002 * attempt:.3f}", settled=False) as target:
                answer = pyinspect(target.pid).exits(0, 1, 3)
                check(len(answer.err.splitlines()) <= 3, answer.err)


COUNTING = """import mmap, os, struct, sys, threading, time
memory = mmap.mmap(os.open(sys.argv[1], os.O_RDWR), 16)
def count(place):
    number = 0
    while True:
        number += 1
        struct.pack_into("Q", memory, place, number)
threading.Thread(target=count, args=(8,), daemon=True).start()
for _ in range(int(sys.argv[2])):
    threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
print("READY", flush=True)
count(0)
"""


class Counting:
    """A busy target with two threads whose progress can be seen without touching it, and some that sleep."""

    def __init__(self, folder, python, sleepers=0):
        self.counter = os.path.join(folder, "counter")
        with open(self.counter, "wb") as file:
            file.write(bytes(16))
        self.target = Target(python, program(folder, COUNTING), self.counter, sleepers, settled=False)
        self.pid = self.target.pid
        wait_until(lambda: all(self.counts()), "both threads count")

    def counts(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("QQ", file.read())

    def goes_on(self):
        before = self.counts()
        wait_until(lambda: all(now > then for now, then in zip(self.counts(), before)), "both threads go on counting")
        unharmed(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.target.close()


@case
def repeated_dumps_of_a_busy_target():
    with temporary_folder() as folder, Counting(folder, reference()) as busy:
        for _ in range(20):
            answer = pyinspect("--json", "--locals", busy.pid).exits(0, 1)
            for thread in answer.json["threads"]:
                names = [f["name"] for f in python_frames(thread)]
                check("count" in names, f"thread {thread['tid']} shows {names}")
            unharmed(busy.pid)
        busy.goes_on()


def end_early(number, expected):
    """Sends pyinspect a signal, half the times at any moment of its life, half when the target is seen stopped; the
    target must go on as if nothing had been."""
    # Many threads make the pause long enough to be seen.
    with temporary_folder() as folder, Counting(folder, reference(), sleepers=150) as busy:
        begun = time.monotonic()
        pyinspect("--locals", busy.pid)
        life = time.monotonic() - begun
        chance, in_pause = random.Random(1), 0
        for attempt in range(30):
            with subprocess.Popen([PYINSPECT, "--locals", str(busy.pid)], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as process:
                if attempt % 2:
                    time.sleep(chance.random() * life)
                else:
                    while process.poll() is None and not stopped(busy.pid):
                        pass
                    in_pause += process.poll() is None
                process.send_signal(number)
                code = process.wait(timeout=20)
            check(code in expected, f"exit code {code} after signal {number}")
            busy.goes_on()
        check(in_pause, "the target was never seen stopped: this test proves nothing")


def stopped(pid):
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2][1:2] == b"t"


@case
def killed_in_the_pause():
    end_early(signal.SIGKILL, (-signal.SIGKILL, 0, 1))


@case
def interrupted_in_the_pause():
    # Before main() has set its handlers the signal itself ends it.
    end_early(signal.SIGINT, (130, -signal.SIGINT, 0, 1))


@case
def terminated_in_the_pause():
    end_early(signal.SIGTERM, (143, -signal.SIGTERM, 0, 1))


@case
def reader_goes_away():
    """A closed pipe ends it quietly."""
    with Target(reference(), PROGRAMS / "frames.py", "all") as target:
        with subprocess.Popen([PYINSPECT, "--json", "--locals", str(target.pid)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            process.stdout.close()
            errors = process.stderr.read()
            code = process.wait(timeout=20)
        check(code in (0, 1, -signal.SIGPIPE, 141), f"exit code {code}", errors)
        check("Broken pipe" not in errors or len(errors.splitlines()) <= 1, errors)
        unharmed(target.pid)


@case
def traced_by_another():
    """Someone else's tracer stays; one clear line says who it is."""
    python = reference()
    tracer = ("import ctypes, os, sys, time\nlibc = ctypes.CDLL(None, use_errno=True)\n"
              "assert libc.ptrace(0x4206, int(sys.argv[1]), None, None) == 0, os.strerror(ctypes.get_errno())\n"
              "print('READY', flush=True)\ntime.sleep(60)\n")
    with temporary_folder() as folder, Target(python, PROGRAMS / "call_stack.py", 60) as target:
        try:
            debugger = Target(python, program(folder, tracer), target.pid)
        except Exception as error:
            raise Skip(f"cannot trace here: {str(error).splitlines()[-1]}") from None
        with debugger:
            answer = pyinspect(target.pid).exits(0, 1, 4)
            if answer.code:
                check(str(debugger.pid) in answer.out + answer.err, "the tracer is not named", answer.out, answer.err)
            check(state(target.pid) == "S", f"left in state {state(target.pid)}")


@case
def other_signals_survive():
    """A signal that arrives during a dump is not lost."""
    with temporary_folder() as folder:
        path = program(folder, "import signal, sys\nseen = []\n"
                               "signal.signal(signal.SIGUSR1, lambda *_: (seen.append(1), print(len(seen), flush=True)))\n"
                               "print('READY', flush=True)\nwhile True:\n    signal.pause()\n")
        with Target(reference(), path) as target:
            for number in range(1, 31):
                with subprocess.Popen([PYINSPECT, str(target.pid)], stdout=subprocess.DEVNULL) as process:
                    time.sleep(random.Random(number).random() * 0.04)
                    os.kill(target.pid, signal.SIGUSR1)
                    target.expect(str(number))
                    process.wait(timeout=20)
            unharmed(target.pid)
