"""Cores: what a process said of itself before it was killed is what its core file shows."""
import glob
import linecache
import os
import resource
import shutil
import signal
import subprocess

from harness import (PROGRAMS, Skip, Target, check, equal, frame_lines, pyinspect, python_frames, reference, same_stack,
                     seen_from_here, temporary_folder, whole)

CASES, PLAIN = [], []
PATTERN = "/proc/sys/kernel/core_pattern"
FILTERS = ("0x33", "0x23", "0x1")  # with the first page of each file, without, and without shared memory


def case(function):
    """For every Python."""
    function.runs_on = lambda python: True
    CASES.append(function)
    return function


def plain(function):
    PLAIN.append(function)
    return function


def program(python):
    return PROGRAMS / ("python2.py" if python.version < (3,) else "frames.py")


def core_by_kernel(target, folder, coredump_filter="0x33"):
    """Kills it; where the kernel puts cores is the machine's to say, and not changed here."""
    with open(PATTERN) as file:
        pattern = file.read().strip()
    if "|" in pattern or "/" in pattern:
        raise Skip(f"cores go to {pattern} here")
    try:
        resource.prlimit(target.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    except (PermissionError, ValueError):
        raise Skip("the limit of a core's size may not be raised here") from None
    with open(f"/proc/{target.pid}/coredump_filter", "w") as file:
        file.write(coredump_filter)
    os.kill(target.pid, signal.SIGSEGV)
    target.process.wait()
    files = glob.glob(os.path.join(folder, "*core*"))
    if not files:
        raise Skip("the kernel wrote no core")
    return files[0]


def core_by_gdb(target, folder):
    if not shutil.which("gcore"):
        raise Skip("gcore is not installed")
    subprocess.run(["gcore", "-o", os.path.join(folder, "g"), str(target.pid)], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    path = os.path.join(folder, f"g.{target.pid}")
    if not os.path.exists(path):
        raise Skip("gcore wrote no core")
    return path


def root(python):
    """The kernel names files as seen from the process's own root, gdb from the machine's."""
    return ["--sysroot", python.root] if python.root else []


def is_truth(python, truth, answer, all_whole=True):
    equal("kind", "core", answer.json["target"]["kind"])
    for name, want in truth.items():
        thread = answer.thread(want["tid"])
        if all_whole:
            whole(thread)
        equal("thread name", name, thread["name"])
        if python.root:  # its source text lies in a root of its own, unlike the files that were mapped
            for frame in python_frames(thread):
                frame["source"] = linecache.getline(seen_from_here(python, frame["file"]), frame["line"] or 0).strip()
        same_stack(python, want, thread)


def ready(python, folder):
    return Target(python, program(python), "all", cwd=folder)


@case
def core_of_the_kernel(python):
    """With every filter, while the files are at hand."""
    for coredump_filter in FILTERS:
        with temporary_folder() as folder, ready(python, folder) as target:
            truth = target.truth()
            path = core_by_kernel(target, folder, coredump_filter)
            answer = pyinspect("core", "--json", "--locals", *root(python), path).exits(0)
            is_truth(python, truth, answer)
            statuses = {module["status"] for module in answer.json["target"]["modules"]}
            check(statuses <= ({"ok"} if coredump_filter == "0x33" else {"ok", "unverified"}), statuses)


@case
def core_of_deep_calls(python):
    with temporary_folder() as folder, Target(python, PROGRAMS / "deep.py", 300, cwd=folder) as target:
        truth = target.truth()
        path = core_by_kernel(target, folder)
        is_truth(python, truth, pyinspect("core", "--json", "--locals", *root(python), path).exits(0))


core_of_deep_calls.runs_on = lambda python: python.minipy


def zeros_for_stacks(python):
    """gdb up to 17 reads a mapping to its first guard page (glibc 2.42 puts one into a thread's) and writes zeros then."""
    return bool(python.root) and tuple(python.version) >= (3, 14)


@case
def core_of_gdb(python):
    with temporary_folder() as folder, ready(python, folder) as target:
        truth = target.truth()
        path = core_by_gdb(target, folder)
        if not zeros_for_stacks(python):
            is_truth(python, truth, pyinspect("core", "--json", "--locals", path).exits(0))
            return
        answer = pyinspect("core", "--json", "--locals", path).exits(1)
        for name, want in truth.items():
            thread = answer.thread(want["tid"])
            got, whole = frame_lines(python_frames(thread)), frame_lines(want["frames"])
            # Frames of C on the stack link the rest.
            equal(f"frames of {name}", whole if thread["main"] else whole[:max(len(got), 1)], got)
            if not thread["main"]:
                check(thread["end"] != "complete", f"{name}: whole without its stack")


@case
def core_maps(python):
    """The address space of a core is drawn as that of a process: the same stacks, and the interpreter's text."""
    with temporary_folder() as folder, ready(python, folder) as target:
        path = core_by_kernel(target, folder)
        spaces = pyinspect("maps", "--json", path).exits(0).json
        roles = {item["role"] for item in spaces["ranges"]}
        check({"stack", "interpreter text"} <= roles, roles)
        sizes = sum(item["size"] for item in spaces["ranges"] if item["role"] == "anonymous")
        check(sizes < sum(item["size"] for item in spaces["ranges"]) / 2, f"anonymous: {sizes}")


@case
def core_without_files(python):
    """Python's frames need no file; native stacks end before the first module that is missing."""
    with temporary_folder() as folder, temporary_folder() as empty, ready(python, folder) as target:
        truth = target.truth()
        path = core_by_kernel(target, folder, "0x1")
        answer = pyinspect("core", "--json", "--locals", "--sysroot", empty, path).exits(1)
        for name, want in truth.items():
            thread = answer.thread(want["tid"])
            equal(f"frames of {name}", frame_lines(want["frames"]), frame_lines(python_frames(thread)))
            check(thread["end"] != "complete", f"{name}: whole without files")
        statuses = {module["status"] for module in answer.json["target"]["modules"]}
        check("missing" in statuses, statuses)
        check(not any("another Python" in line for line in answer.json["warnings"]), answer.json["warnings"])
        check(any("not at hand" in line for line in answer.json["warnings"]), answer.json["warnings"])


@case
def core_cut_off(python):
    """What is shown of a part of a core is what is shown of the whole."""
    with temporary_folder() as folder, ready(python, folder) as target:
        path = core_by_kernel(target, folder)
        whole_answer = pyinspect("core", "--json", *root(python), path).exits(0)
        size = os.path.getsize(path)
        for percent in (95, 80, 50, 10):
            os.truncate(path, size * percent // 100)
            answer = pyinspect("core", "--json", *root(python), path).exits(1)
            check(any("cut off" in line for line in answer.json["warnings"]), answer.json["warnings"])
            for thread in answer.json["threads"]:
                before = frame_lines(python_frames(whole_answer.thread(thread["tid"])))
                now = frame_lines(f for f in python_frames(thread) if f["function"])
                check(set(now) <= set(before), f"{percent} %: frames that were not there", *now)


@plain
def core_packed():
    packers = {"gzip": "gz", "zstd": "zst", "lz4": "lz4", "xz": "xz"}
    with temporary_folder() as folder, ready(reference(), folder) as target:
        path = core_by_kernel(target, folder)
        want = pyinspect("core", "--locals", path).exits(0).out
        for packer in filter(shutil.which, packers):
            with open(f"{folder}/packed", "wb") as file:
                subprocess.run([packer, "-1c", path], stdout=file, check=True)
            os.utime(f"{folder}/packed", (os.path.getatime(path), os.path.getmtime(path)))
            equal(packer, want, pyinspect("core", "--locals", f"{folder}/packed").exits(0).out)
            equal(packer, want, pyinspect("--locals", f"{folder}/packed").exits(0).out)


@plain
def core_usage():
    for wrong in ([], ["a", "b"], ["--last", "a"], ["--watch", "1", "a"]):
        pyinspect("core", *wrong).exits(2)
    pyinspect("core", "/nonexistent/core").exits(3)
    pyinspect("core", "/etc/passwd").exits(3)
