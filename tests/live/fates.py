"""The fates of files: a core beside missing, wrong and stripped modules shows what is left, and nothing wrong."""
import contextlib
import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

from cores import core_by_kernel, program
from endings import every, some
from harness import (Skip, Target, adder, check, equal, frame_lines, pyinspect, python_frames, temporary_folder)

CASES = []
OTHER = "/bin/true"  # an ELF file that no core has
case = adder(CASES)


class Patient:
    """A core in a folder, and a root of its own whose files are links to what was mapped."""

    def __init__(self, python, folder, coredump_filter="0x33"):
        self.python, self.sysroot = python, os.path.join(folder, "root")
        with Target(python, program(python), "all", cwd=folder) as target:
            self.core = core_by_kernel(target, folder, coredump_filter)
            options = ["--sysroot", python.root] if python.root else []
            self.whole = pyinspect("core", "--json", *options, self.core).exits(0).json
        self.paths = [module["path"] for module in self.whole["target"]["modules"] if module["path"][0] == "/"]
        for path in self.paths:
            self.put(path, self.original(path))

    def original(self, path):
        return self.python.root + path

    def put(self, path, file):
        place = Path(self.sysroot + path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(file)

    @contextlib.contextmanager
    def replaced(self, path, file=None):
        """With another file at path, or none."""
        os.unlink(self.sysroot + path)
        if file:
            self.put(path, file)
        yield
        self.put(path, self.original(path))

    def look(self, *options, **more):
        return pyinspect("core", "--json", "--sysroot", self.sysroot, *options, self.core, **more)

    def path_of(self, *words):
        found = [path for path in self.paths if any(word in os.path.basename(path) for word in words)]
        check(found, f"no module {words} in {self.paths}")
        return found[0]

    def exe(self):
        return self.whole["target"]["exe"]


def native(thread):
    return [frame for frame in thread["frames"] if frame["kind"] == "native"]


def module_status(answer, path):
    return [module["status"] for module in answer.json["target"]["modules"] if module["path"] == path][0]


def same_python(patient, answer):
    for want, got in zip(patient.whole["threads"], answer.json["threads"], strict=True):
        equal(f"Python frames of {want['tid']}", frame_lines(python_frames(want)), frame_lines(python_frames(got)))


def ends_at(patient, answer, gone):
    """All Python frames; the native ones up to the first of these modules, then a gap that is named."""
    same_python(patient, answer)
    for want, got in zip(patient.whole["threads"], answer.json["threads"]):
        known = []
        for frame in native(want):
            known.append(frame["pc"])
            if frame["module"] in gone:
                equal("end", "truncated", got["end"])
                break
        else:
            equal("end", "complete", got["end"])
        equal(f"native frames of {want['tid']}", known, [frame["pc"] for frame in native(got)])
        for frame in native(got):
            check(frame["function"] is None or frame["module"] not in gone, f"a name from nowhere: {frame}")


def unlike(patient, fate, answer, path):
    answer.exits(1)
    equal("status", fate, module_status(answer, path))
    name = os.path.basename(path)
    said = [line for line in answer.json["warnings"] if path in line or name in line]
    check(said and "native stacks end" in said[0] and "--sysroot" in said[0], answer.json["warnings"])
    ends_at(patient, answer, {name})


@case(some)
def fate_of_one_module(python):
    """Missing, another file, and back again by options."""
    with temporary_folder() as folder:
        patient = Patient(python, folder)
        libc = patient.path_of("libc.so", "libc-")
        interpreter = patient.path_of("libpython") if any("libpython" in p for p in patient.paths) else patient.exe()
        for path in {libc, interpreter, patient.exe()}:
            with patient.replaced(path):
                answer = patient.look()
                unlike(patient, "missing", answer, path)
                if path == patient.exe():
                    patient.look("--exe", patient.original(path)).exits(0)
                else:
                    patient.look("--lib-path", "/nonexistent:" + os.path.dirname(patient.original(path))).exits(0)
            with patient.replaced(path, OTHER):
                unlike(patient, "mismatched", patient.look("--exe", OTHER, "--lib-path", "/dev"), path)


@case(some)
def fate_of_stripped_modules(python):
    """They are the right ones still: only names are lost."""
    if not shutil.which("strip"):
        raise Skip("strip is not installed")
    with temporary_folder() as folder:
        patient = Patient(python, folder)
        for number, path in enumerate(patient.paths):
            stripped = f"{folder}/{number}"
            subprocess.run(["strip", "-o", stripped, patient.original(path)], check=True)
            patient.put(path, stripped)
        answer = patient.look().exits(0)
        same_python(patient, answer)
        for want, got in zip(patient.whole["threads"], answer.json["threads"]):
            equal("merge", [want["merge"], want["end"]], [got["merge"], got["end"]])
            for before, now in zip(native(want), native(got), strict=True):
                equal("pc", before["pc"], now["pc"])
                check(now["function"] in (None, before["function"]), f"{before['function']} is now {now['function']}")


@case(every)
def fate_without_any_file(python):
    """Nor their first pages in the core."""
    for coredump_filter in ("0x23", "0x1"):
        with temporary_folder() as folder, temporary_folder() as empty:
            patient = Patient(python, folder, coredump_filter)
            patient.sysroot = empty
            answer = patient.look().exits(1)
            ends_at(patient, answer, {os.path.basename(path) for path in patient.paths})
            # minipy's version stands in its file only.
            equal("runtime", patient.whole["target"]["runtime"].split()[:1 if python.minipy else 2],
                  answer.json["target"]["runtime"].split())


@case(some)
def fate_of_a_cut_core(python):
    """What is shown of a part is what is shown at the same place of the whole."""
    with temporary_folder() as folder:
        patient = Patient(python, folder)
        size = os.path.getsize(patient.core)
        for percent in (95, 80, 50, 10):
            os.truncate(patient.core, size * percent // 100)
            answer = patient.look().exits(1)
            check(any("cut off" in line for line in answer.json["warnings"]), answer.json["warnings"])
            equal("threads", [t["tid"] for t in patient.whole["threads"]], [t["tid"] for t in answer.json["threads"]])
            for want, got in zip(patient.whole["threads"], answer.json["threads"]):
                shown = frame_lines(f for f in python_frames(got) if f["function"])
                equal(f"Python frames at {percent} %", frame_lines(python_frames(want))[:len(shown)], shown)
                shown = [(frame["pc"], frame["function"]) for frame in native(got)]
                check(shown, "no native frame")
                equal(f"native frames at {percent} %",
                      [(frame["pc"], frame["function"]) for frame in native(want)][:len(shown)], shown)
                check(got["end"] != "complete" or len(shown) == len(native(want)), "a part is called the whole")


class Server(http.server.BaseHTTPRequestHandler):
    """What debuginfod(8) answers to /buildid/ID/executable."""
    files = {}

    def do_GET(self):
        words = self.path.strip("/").split("/")
        path = self.files.get(words[1]) if len(words) == 3 and words[0::2] == ["buildid", "executable"] else None
        self.send_response(200 if path else 404)
        body = Path(path).read_bytes() if path else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@case(some)
def fate_with_debuginfod(python):
    with temporary_folder() as folder, temporary_folder() as empty:
        patient = Patient(python, folder)
        patient.sysroot = empty
        modules = patient.whole["target"]["modules"]
        files = {m["build_id"]: patient.original(m["path"]) for m in modules if m["path"][0] == "/"}
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Files", (Server,), {"files": files})) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                env = {"DEBUGINFOD_URLS": f"http://127.0.0.1:{server.server_port}",
                       "DEBUGINFOD_CACHE_PATH": f"{folder}/cache"}
                command = ["env", *(f"{name}={value}" for name, value in env.items())]
                # Nobody is asked unless the user says so.
                patient.look(prefix=command).exits(1)
                check(not os.path.exists(f"{folder}/cache"), "a server was asked")
                answer = patient.look("--debuginfod", prefix=command)
            finally:
                server.shutdown()
        if answer.code == 1 and not os.path.exists(f"{folder}/cache"):
            raise Skip("libdebuginfod is not installed")
        answer.exits(0)
        ends_at(patient, answer, set())
