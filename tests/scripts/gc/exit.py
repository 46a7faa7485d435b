# What is left at the end: threads are waited for, destructors run, files are written out.
import os
import sys
import threading

class Last:
    def __init__(self, name, *others): self.name, self.others = name, others
    def __del__(self): print("gone:", self.name)

kept = Last("global")
cycle = Last("cycle")
cycle.itself = cycle
_private = Last("private", kept)

class InModule:
    inside = Last("class attribute")

# A program that does not close its file loses nothing.
path = f"/tmp/exit-{os.getpid()}"
pid = os.fork()
if pid == 0:
    f = open(path, "w")
    f.write("unflushed\n")
    sys.stdout = None
    sys.exit()
os.waitpid(pid, 0)
with open(path) as g: print(g.read(), end="")
os.unlink(path)

def late():
    e.wait()
    print("thread done")
e = threading.Event()
threading.Thread(target=late).start()
e.set()
