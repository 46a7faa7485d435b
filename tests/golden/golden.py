"""The golden tests' files: RUNTIME-CASE.core.gz is a snapshot, .txt and .json what pyinspect shows of it."""
import gzip
import json
import os
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PYINSPECT = str(Path(os.environ.get("O") or "build").resolve() / "pyinspect")
SUFFIX = ".core.gz"
# What `pyinspect maps` shows, for those that have such a file.
MAPS = ".maps.txt"
# A line this long at most holds a JSON value as a whole.
LINE = 160


def names():
    return sorted(path.name[:-len(SUFFIX)] for path in FOLDER.glob("*" + SUFFIX))


def unpack(name):
    return gzip.decompress((FOLDER / (name + SUFFIX)).read_bytes())


def pyinspect(*args):
    """(exit code, standard output, standard error)"""
    done = subprocess.run([PYINSPECT, *map(str, args)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")


def layout(value, indent=""):
    """JSON for people and diffs: a frame, a variable, a module on a line."""
    text = json.dumps(value)
    if not isinstance(value, (dict, list)) or len(indent) + len(text) <= LINE:
        return text
    inner = indent + " "
    if isinstance(value, dict):
        parts, ends = [f"{json.dumps(key)}: {layout(item, inner)}" for key, item in value.items()], "{}"
    else:
        parts, ends = [layout(item, inner) for item in value], "[]"
    return ends[0] + "\n" + ",\n".join(inner + part for part in parts) + "\n" + indent + ends[1]
