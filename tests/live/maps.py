"""pyinspect maps against /proc and the target's own word of where its things are."""
import os
import re
import subprocess

from harness import (PROGRAMS, Skip, Target, check, equal, pyinspect, pythons, temporary_folder, unharmed,
                     wait_until)

CASES = []
PLAIN = []
ROLES = {"stack", "thread stack", "guard", "Python data stack", "Python arena", "C heap", "JIT code", "interpreter text",
         "interpreter rodata", "interpreter data", "interpreter bss", "extension module", "library text", "library rodata",
         "library data", "library bss", "mapped file", "vdso", "vvar", "vsyscall", "reserved", "anonymous"}


def case(function):
    function.runs_on = lambda python: True
    CASES.append(function)
    return function


def plain(function):
    PLAIN.append(function)
    return function


def start(python, *args):
    """minipy has no ctypes, so it cannot say where its things are."""
    return Target(python, PROGRAMS / ("call_stack.py" if python.minipy else "memory.py"), *args)


def ranges_of(target, *options):
    """[(start, end, range)] and the whole answer."""
    answer = pyinspect("maps", "--json", *options, target.pid).exits(0).json
    equal("schema", "pyinspect-maps/1", answer["schema"])
    return [(int(r["start"], 16), int(r["end"], 16), r) for r in answer["ranges"]], answer


def at(ranges, address):
    found = [r for start, end, r in ranges if start <= address < end]
    check(len(found) == 1, f"{len(found)} ranges hold {address:#x}")
    return found[0]


def has_role(ranges, address, *roles):
    found = at(ranges, address)
    check(found["role"] in roles, f"{address:#x} is {found['role']} ({found['detail']}), expected {' or '.join(roles)}")
    return found


def explained(pid, address):
    return pyinspect("maps", "--json", "--address", hex(address), pid).exits(0).json["address"]


def mappings(pid):
    """[(start, end, perms, offset)] as the kernel lists them."""
    with open(f"/proc/{pid}/maps", errors="surrogateescape") as file:
        lines = [line.split(maxsplit=4) for line in file]
    return [(*(int(n, 16) for n in fields[0].split("-")), fields[1], int(fields[2], 16)) for fields in lines]


def resident(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("Rss:"))


def stack_pointer(pid, tid):
    with open(f"/proc/{pid}/task/{tid}/syscall") as file:
        return int(file.read().split()[-2], 16)


@case
def maps_cover(python):
    """Every mapped byte once, as the kernel says; nothing stopped, nothing left out of the sums."""
    with start(python) as target:
        ranges, answer = ranges_of(target)
        check(answer["ranges"] and all(r["role"] in ROLES for r in answer["ranges"]), "a role of no list")
        for start_, end, perms, offset in mappings(target.pid):
            parts = [part for part in ranges if part[0] < end and part[1] > start_]
            check(parts and parts[0][0] == start_ and parts[-1][1] == end, f"{start_:#x}-{end:#x} is not covered", parts)
            for (_, stop, part), following in zip(parts, parts[1:] + [(end, 0, None)]):
                check(stop == following[0], f"a gap or an overlap at {stop:#x}")
                equal(f"perms at {part['start']}", perms, part["perms"])
            check(parts[0][2]["offset"] == (offset if parts[0][2]["path"] else 0) or not offset, "offset", parts[0])
        equal("bytes", sum(end - start_ for start_, end, _, _ in mappings(target.pid)), sum(r["size"] for r in answer["ranges"]))
        for role, sums in answer["roles"].items():
            for key in ("size", "rss"):
                equal(f"{key} of {role}", sum(r[key] for r in answer["ranges"] if r["role"] == role), sums[key])
        if not os.environ.get("SAN") or not python.minipy:  # a sanitizer's allocator is nobody's heap
            check_named(target.pid)
        unharmed(target.pid)


@case
def maps_stacks(python):
    """The main thread's stack, told by its stack pointer."""
    with start(python) as target:
        sp = stack_pointer(target.pid, target.pid)
        ranges, _ = ranges_of(target)
        found = has_role(ranges, sp, "stack")
        equal("tid", target.pid, found["tid"])
        check("KiB deep" in found["detail"], found)
        place = explained(target.pid, sp)
        equal("tid", target.pid, place["thread"]["tid"])
        equal("below the top", int(found["end"], 16) - sp, place["thread"]["below_top"])
        check(not python.symbols or place["frame"], "no native frame", place)


def maps_places(python):
    """Where the target says that its objects, functions and threads are."""
    with start(python) as target:
        facts = target.truth()["facts"]
        ranges, _ = ranges_of(target)
        for thing in facts["things"]:
            has_role(ranges, thing, "Python arena", "C heap")
        check(sum(at(ranges, thing)["role"] == "Python arena" for thing in facts["things"]) > 90, "objects outside arenas")
        block = explained(target.pid, facts["things"][7])["block"]
        check(block and int(block["start"], 16) <= facts["things"][7] < int(block["start"], 16) + block["size"], block)
        has_role(ranges, facts["big"], "C heap")
        has_role(ranges, facts["eval"], "interpreter text")
        place = explained(target.pid, facts["eval"])
        equal("symbol", "PyEval_EvalCode+0", f"{place['symbol']}+{place['symbol_offset']}")
        has_role(ranges, facts["malloc"], "library text")
        check("libc" in explained(target.pid, facts["malloc"])["module"], "malloc is in libc")
        has_role(ranges, facts["type"], "interpreter data", "interpreter bss")
        for module, name in (("math", "math"), ("sqlite", "_sqlite3")):
            code = facts[module]
            if not code:
                continue
            if code["file"] and code["file"].endswith(".so"):
                found = has_role(ranges, code["address"], "extension module")
                equal("detail", f"{name}: text", found["detail"])
                equal("file", os.path.basename(os.path.realpath(code["file"])), os.path.basename(found["path"]))
            else:
                has_role(ranges, code["address"], "interpreter text")
        unharmed(target.pid)


@case
def maps_minipy_heap(python):
    """minipy's own small objects lie in the arenas that it publishes, each a multiple of 1 MiB."""
    with Target(python, PROGRAMS / "heap.py", env={"PYTHONMALLOC": "pymalloc"}) as target:
        facts = target.truth()["facts"]
        ranges, answer = ranges_of(target)
        for thing in facts["things"]:
            found = has_role(ranges, thing, "Python arena")
            check(re.fullmatch(r"\d+ of 64 pools in use", found["detail"]), found["detail"])
        has_role(ranges, facts["type"], "interpreter data")
        arenas = [r for r in answer["ranges"] if r["role"] == "Python arena"]
        check(all(int(r["start"], 16) % (1 << 20) == 0 and r["size"] == 1 << 20 for r in arenas), arenas)
        check(len(arenas) > 1, "20,000 objects in one arena")
        unharmed(target.pid)


maps_minipy_heap.runs_on = lambda python: python.minipy


def maps_threads(python):
    """Each thread's stack with its name, depth and guard; its data stack."""
    with start(python) as target:
        facts = target.truth()["facts"]
        ranges, answer = ranges_of(target)
        for thread in facts["threads"]:
            for address in (thread["self"], stack_pointer(target.pid, thread["tid"])):
                found = has_role(ranges, address, "thread stack")
                equal("tid", thread["tid"], found["tid"])
                check(found["detail"].startswith(f"{thread['tid']} \"{thread['name']}\", "), found["detail"])
            guard = at(ranges, int(found["start"], 16) - 1)
            equal("guard", ("guard", thread["tid"]), (guard["role"], guard["tid"]))
            equal("guard's size", os.sysconf("SC_PAGE_SIZE"), guard["size"])
            equal("thread", thread["tid"], explained(target.pid, thread["self"])["thread"]["tid"])
            stacks = [r for r in answer["ranges"] if r["role"] == "Python data stack" and r["tid"] == thread["tid"]]
            check(bool(stacks) == (python.version >= (3, 11)), "data stacks", stacks)
        equal("thread stacks", len(facts["threads"]), sum(r["role"] == "thread stack" for r in answer["ranges"]))


for real in (maps_places, maps_threads):
    real.runs_on = lambda python: not python.minipy
    CASES.append(real)


@case
def maps_running(python):
    """A thread that runs is stopped for a moment, unless that is not wanted."""
    with Target(python, PROGRAMS / "busy.py", settled=False) as target:
        ranges, _ = ranges_of(target)
        stacks = [r for _, _, r in ranges if r["role"] == "stack" and r["tid"] == target.pid]
        check(len(stacks) == 1 and "KiB deep" in stacks[0]["detail"], "no main stack with a depth", stacks)
        unharmed(target.pid)
        ranges, _ = ranges_of(target, "--no-stop")
        check(any(r["role"] == "stack" for _, _, r in ranges), "no stack")
        unharmed(target.pid)


@case
def maps_text(python):
    """80 columns, high addresses first, the kernel on top, modules on one line each unless all is wanted."""
    with start(python) as target:
        short, full = (pyinspect("maps", *options, target.pid).exits(0).out.splitlines() for options in ((), ("--all",)))
        for lines in (short, full):
            addresses = [int(line.split()[0], 16) for line in lines if line.startswith("0x")]
            check(addresses == sorted(addresses, reverse=True), "not in order")
            check(addresses[0] > 1 << 63, "no kernel on top")
        check(len(short) < len(full), "nothing folded")
        equal("libc lines", 1, sum(bool(re.search(r"library  libc[.-]", line)) for line in short))


def check_named(pid):
    """At least 97 % of what is resident has a role; the sum is the kernel's within 1 %."""
    answer = pyinspect("maps", "--json", pid).exits(0).json
    total = sum(r["rss"] for r in answer["ranges"])
    check(abs(total - resident(pid)) <= 0.01 * total, f"{total} bytes resident, the kernel says {resident(pid)}")
    check(answer["roles"].get("anonymous", {"rss": 0})["rss"] <= 0.03 * total, "more than 3 % has no role", answer["roles"])
    return answer


@plain
def maps_large_extension():
    """numpy, under the first Python here that has it: its modules, its blocks, the threads of its library."""
    for python in pythons():
        found = not python.minipy and subprocess.run([python.program, "-c", "import numpy"], stdin=subprocess.DEVNULL,
                                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        if found:
            break
    else:
        raise Skip("no Python here has numpy (Debian's python3-numpy)")
    with Target(python, PROGRAMS / "large_extension.py") as target:
        answer = check_named(target.pid)
        modules = {r["detail"].split(":")[0] for r in answer["ranges"] if r["role"] == "extension module"}
        check(any(m.startswith("numpy") for m in modules) and len(modules) > 5, "no module of numpy", sorted(modules))
        check(answer["roles"]["C heap"]["rss"] > 32 << 20, "the large array is in no heap", answer["roles"])
        unharmed(target.pid)


@case
def maps_of_snapshot(python):
    """What the file has, of the mappings that there were; where both know a role it is the same."""
    with start(python) as target, temporary_folder() as folder:
        core = os.path.join(folder, "core")
        pyinspect("snapshot", target.pid, "-o", core).exits(0)
        live = {r["start"]: r for _, _, r in ranges_of(target)[0]}
        answer = pyinspect("maps", "--json", core).exits(0).json
        equal("kind", "snapshot", answer["kind"])
        equal("bytes", sum(r["size"] for r in live.values()), sum(r["size"] for r in answer["ranges"]))
        check(0 < sum(r["captured"] for r in answer["ranges"]) < os.path.getsize(core), "captured bytes")
        for r in answer["ranges"]:
            same = live.get(r["start"])
            check(r["rss"] is None and 0 <= r["captured"] <= r["size"], r)
            if same and same["end"] == r["end"] and not {"anonymous", "JIT code"} & {r["role"], same["role"]}:
                equal(f"role at {r['start']}", same["role"], r["role"])
        sp = stack_pointer(target.pid, target.pid)
        place = pyinspect("maps", "--json", "--address", hex(sp), core).exits(0).json
        equal("the stack's thread", target.pid, place["address"]["thread"]["tid"])
        check("from a snapshot" in pyinspect("maps", core).exits(0).out, "text")
        unharmed(target.pid)


@plain
def maps_refusals():
    """Usage errors, processes that are not there or not Python."""
    pyinspect("maps").exits(2)
    pyinspect("maps", 1, 2).exits(2)
    pyinspect("maps", "--address", "xyz", os.getpid()).exits(2)
    pyinspect("maps", "--locals", os.getpid()).exits(2)
    pyinspect("maps", 0x3fffffff).exits(3)
    pyinspect("maps", "nonsense").exits(3)
    read, write = os.pipe()
    pid = os.posix_spawn("/bin/cat", ["cat"], dict(os.environ), file_actions=[(os.POSIX_SPAWN_DUP2, read, 0)])
    os.close(read)
    try:
        wait_until(lambda: os.readlink(f"/proc/{pid}/exe").endswith(("cat", "coreutils", "busybox")), "cat")
        pyinspect("maps", pid).exits(3)
    finally:
        os.close(write)
        os.waitpid(pid, 0)


@plain
def maps_self_unmapped():
    """An address where nothing is, and one of the kernel's half."""
    pid = os.getpid()
    place = pyinspect("maps", "--json", "--address", "0x1000", pid).exits(0).json
    equal("nothing", ([], None), (place["ranges"], place["address"]["role"]))
    equal("kernel", "kernel", explained(pid, 0xffffffff81000000)["role"])
    check("nothing is mapped" in pyinspect("maps", "--address", "4096", pid).exits(0).out, "decimal address")
