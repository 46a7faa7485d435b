"""Small objects and a large one whose addresses the test asks for; minipy's counterpart of memory.py."""
import sys


class Thing(object):
    pass


kept = [Thing() for _ in range(20000)]
print("READY")
sys.stdout.flush()
while True:
    path = sys.stdin.readline().strip()
    if not path:
        break
    facts = {"name": "facts", "things": [id(thing) for thing in kept[::200]], "type": id(list)}
    with open(path, "w") as file:
        file.write(repr([facts]))
    print("DONE")
    sys.stdout.flush()
