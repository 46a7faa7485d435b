import sys
import time as t, sys as s2
from sys import argv, path as p
from time import (
    time,
    sleep as zz,
)
print(sys is s2, t.time is time, p is sys.path, argv is sys.argv, callable(zz))
try:
    import no_such_module_here
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    from sys import no_such_name
except ImportError as e:
    print(str(e).split(" (")[0])


def local():
    import sys as inner
    return inner is sys


print(local(), "sys" in sys.modules, __name__)
