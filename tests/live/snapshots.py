"""Snapshots: the file shows what the process showed, without the process and without its files."""
import os
import re
import shutil

from harness import (PROGRAMS, PYINSPECT, Skip, Target, check, equal, pyinspect, reference, settle, temporary_folder,
                     unharmed)

CASES, PLAIN = [], []
MAX_BYTES = 4 << 20
SECRET = "correct horse battery staple"


def case(function):
    """For every Python."""
    function.runs_on = lambda python: True
    CASES.append(function)
    return function


def plain(function):
    PLAIN.append(function)
    return function


def take(target, folder, *options):
    path = os.path.join(folder, "snapshot.core")
    answer = pyinspect("snapshot", target.pid, "-o", path, *options).exits(0)
    check(answer.out == "" and answer.err == "", "output without need", answer.out, answer.err)
    check(os.stat(path).st_mode & 0o777 == 0o600, "others may read a process's memory")
    check(os.listdir(folder) == ["snapshot.core"], f"left behind: {os.listdir(folder)}")
    return path


def without_moment(text):
    """What differs between two looks at a process that waits."""
    text = re.sub(r'"paused_ns": ?\d+|"time": ?"[^"]*"|paused for [^\n]*|[\d.]+ s left', "", text)
    return text.replace('"kind":"snapshot"', '"kind":"live"').replace("},{", "},\n{")


@case
def snapshot_is_the_dump(python):
    looks = (["--locals"], ["--locals", "--json"], ["--native"], ["--native=lines", "--json"], ["--native=none"],
             ["--traceback", "--limit", "3"])
    with Target(python, PROGRAMS / "call_stack.py", 60) as target, temporary_folder() as folder:
        # Whether the kernel's part can be read depends on how soon the thread is blocked again.
        live = []
        for options in looks:
            live.append(pyinspect("--no-kernel", *options, target.pid))
            settle(target.pid)
        path = take(target, folder)
        unharmed(target.pid)
        check(os.path.getsize(path) < MAX_BYTES, f"{os.path.getsize(path)} bytes")
        target.close()
        for options, before in zip(looks, live):
            after = pyinspect("--no-kernel", *options, path).exits(before.code)
            equal(" ".join(options), without_moment(before.out), without_moment(after.out))


@case
def snapshot_of_many_threads(python):
    if python.version < (3,):
        raise Skip("frames.py is not for Python 2")
    with Target(python, PROGRAMS / "frames.py", "all") as target, temporary_folder() as folder:
        before = pyinspect("--no-kernel", "--locals", "--json", target.pid)
        settle(target.pid)
        path = take(target, folder)
        unharmed(target.pid)
        target.close()
        after = pyinspect("--no-kernel", "--locals", "--json", path).exits(before.code)
        equal("JSON", without_moment(before.out), without_moment(after.out))


@case
def snapshot_without_environment(python):
    with Target(python, PROGRAMS / "call_stack.py", 60, env={"TOKEN_OF_TEST": SECRET}) as target, \
            temporary_folder() as folder:
        with open(take(target, folder), "rb") as file:
            check(SECRET.encode() not in file.read(), "the environment's strings are in the file")
        with open(take(target, folder, "--with-env"), "rb") as file:
            # minipy's main thread has a stack of its own, without the environment above it.
            check(python.minipy or SECRET.encode() in file.read(), "--with-env, but it is not there")


def in_own_root(folder):
    """A command prefix that leaves pyinspect nothing but itself, its libraries and the folder."""
    done = shutil.which("ldd") and os.popen(f"ldd {PYINSPECT}").read()
    for library in re.findall(r"/\S+", done or ""):
        os.makedirs(folder + os.path.dirname(library), exist_ok=True)
        shutil.copy(library, folder + library)
    shutil.copy(PYINSPECT, folder + "/pyinspect")
    user = [] if os.getuid() == 0 else ["--map-root-user"]
    prefix = ["unshare", *user, f"--root={folder}", "--wd=/", "/pyinspect"]
    if not done or os.system(" ".join(prefix) + " --version >/dev/null 2>&1"):
        raise Skip("pyinspect does not start in a root of its own here")
    return prefix


@case
def snapshot_elsewhere(python):
    """In a root where nothing of the target's is there."""
    with temporary_folder() as root, temporary_folder() as folder:
        prefix = in_own_root(root)
        with Target(python, PROGRAMS / "call_stack.py", 60) as target:
            path = take(target, folder)
        here = pyinspect("--locals", "--json", path).exits(0).out
        shutil.copy(path, root + "/copy.core")
        there = os.popen(" ".join([*prefix, "--locals", "--json", "/copy.core"])).read()
        equal("JSON", here.replace("},{", "},\n{"), there.replace("},{", "},\n{"))


@plain
def snapshot_on_a_full_disk():
    """Nothing is left behind, and what was there before stays."""
    script = """mount -t tmpfs -o size=64k none "$2" || exit 77
        echo old >"$2/a.core"
        "$0" snapshot "$1" -o "$2/a.core"
        echo "exit $?"; ls -A "$2"; cat "$2/a.core" """
    with Target(reference(), PROGRAMS / "call_stack.py", 60) as target, temporary_folder() as folder:
        user = "" if os.getuid() == 0 else "--map-root-user"
        said = os.popen(f"unshare {user} --mount sh -c '{script}' {PYINSPECT} {target.pid} {folder} 2>&1").read()
        if "exit" not in said:
            raise Skip("no file system can be mounted here")
        equal("what is said and left", [f"pyinspect: {folder}/a.core: No space left on device", "exit 5", "a.core", "old"],
              said.splitlines())


@plain
def snapshot_usage():
    with temporary_folder() as folder:
        path = folder + "/x.core"
        for wrong in ([], ["-o", path], ["1"], ["x", "-o", path], ["1", "2", "-o", path], ["1", "-o", path, "--locals"]):
            pyinspect("snapshot", *wrong).exits(2)
        pyinspect("snapshot", "-o", path, 0x3ffffff0).exits(3)
        pyinspect("dump", path).exits(3)
        pyinspect("--watch", "1", "/etc/passwd").exits(2)
        pyinspect("/etc/passwd").exits(3)
        check(os.listdir(folder) == [], f"left behind: {os.listdir(folder)}")
