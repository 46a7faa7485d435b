"""Garbage in cycles beside a structure that lives: the collector's work."""


class Node:
    def __init__(self, value, parent=None):
        self.value, self.parent, self.children = value, parent, []
        if parent is not None:
            parent.children.append(self)


def grow(depth, parent):
    node = Node(depth, parent)
    if depth:
        grow(depth - 1, node)
        grow(depth - 1, node)
    return node


def count(node):
    return 1 + sum(count(child) for child in node.children)


kept = grow(12, None)
total = 0
for i in range(60):
    total += count(grow(8, None))
print(total, count(kept))
