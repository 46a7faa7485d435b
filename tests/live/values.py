"""Locals of every built-in type against the target's own repr()."""
import re

from harness import PROGRAMS, Target, check, equal, pyinspect, python_frames, same_stack, unharmed

CASES = []


def group_case(group):
    def case(python):
        with Target(python, PROGRAMS / "values.py", group) as target:
            before = pyinspect("--json", "--locals", target.pid).exits(0).thread(target.pid)
            unharmed(target.pid)
            same_stack(python, target.truth()["MainThread"], before)
    case.__name__ = "values_" + group
    CASES.append(case)


for name in re.findall(r'"(\w+)": (?:lambda|\w+)', (PROGRAMS / "values.py").read_text().split("GROUPS =")[1]):
    group_case(name)


def values_cut(python):
    """A limit gives a true prefix and says so."""
    with Target(python, PROGRAMS / "values.py", "strings") as target:
        thread = pyinspect("--json", "--locals=40", target.pid).exits(0).thread(target.pid)
        frame = next(f for f in python_frames(thread) if f["name"] == "strings")
        long = next(v for v in frame["locals"] if v["name"] == "long")
        check(long["truncated"], "not said to be cut", long)
        check(repr("abc'\u00e9" * 300).startswith(long["repr"]) and 10 <= len(long["repr"].encode()) <= 40, "no true prefix", long)
        equal("a short value", "'plain ascii'", next(v["repr"] for v in frame["locals"] if v["name"] == "word"))


CASES.append(values_cut)
