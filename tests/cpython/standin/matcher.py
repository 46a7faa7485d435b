"""A backtracking matcher of the regular expressions that tests give to assertRaisesRegex; `re` where it can be had."""
CLASSES = {
    "d": str.isdigit,
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
}
PLAIN = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


class Pattern:
    """Parses into nodes: a node is a function (text, i, then) -> whether then(j) holds for some end j."""

    def __init__(self, source):
        self.source, self.at = source, 0
        self.names = {}
        self.node = self.choice()
        if self.at < len(source):
            raise ValueError("unbalanced parenthesis in " + repr(source))

    def peek(self):
        return self.source[self.at:self.at + 1]

    def take(self, text):
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def choice(self):
        nodes = [self.sequence()]
        while self.take("|"):
            nodes.append(self.sequence())
        if len(nodes) == 1:
            return nodes[0]
        return lambda text, i, then: any(node(text, i, then) for node in nodes)

    def sequence(self):
        node = lambda text, i, then: then(i)
        while self.peek() not in ("", "|", ")"):
            node = self.join(node, self.repeated())
        return node

    @staticmethod
    def join(first, second):
        return lambda text, i, then: first(text, i, lambda j: second(text, j, then))

    def repeated(self):
        node = self.atom()
        while True:
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek(), (-1, 0))
            if low >= 0:
                self.at += 1
            elif self.peek() == "{" and self.source[self.at + 1:self.at + 2].isdigit():
                end = self.source.index("}", self.at)
                bounds = self.source[self.at + 1:end].split(",")
                low, high = int(bounds[0] or 0), int(bounds[-1]) if bounds[-1] else None
                self.at = end + 1
            else:
                return node
            node = self.repeat(node, low, high, self.take("?"))

    @staticmethod
    def repeat(node, low, high, lazy):
        def match(text, i, then, count=0):
            def more():
                return (high is None or count < high) and \
                    node(text, i, lambda j: (j > i or count < low) and match(text, j, then, count + 1))

            if count < low:
                return more()
            return (then(i) or more()) if lazy else (more() or then(i))

        return match

    def atom(self):
        c = self.peek()
        self.at += 1
        if c == "(":
            return self.group()
        if c == "[":
            return self.one(self.charset())
        if c == ".":
            return self.one(lambda c: c != "\n")
        if c == "^":
            return lambda text, i, then: i == 0 and then(i)
        if c == "$":
            return lambda text, i, then: (i == len(text) or text[i:] == "\n") and then(i)
        if c == "\\":
            return self.escape()
        return self.one(lambda other: other == c)

    @staticmethod
    def one(good):
        return lambda text, i, then: i < len(text) and bool(good(text[i])) and then(i + 1)

    def escape(self):
        c = self.peek()
        self.at += 1
        if c == "Z":
            return lambda text, i, then: i == len(text) and then(i)
        if c == "A":
            return lambda text, i, then: i == 0 and then(i)
        if c in "bB":
            word = CLASSES["w"]

            def boundary(text, i):
                return (i > 0 and word(text[i - 1])) != (i < len(text) and word(text[i]))

            return lambda text, i, then: boundary(text, i) == (c == "b") and then(i)
        return self.one(self.kind(c))

    def kind(self, c):
        if c.lower() in CLASSES:
            good = CLASSES[c.lower()]
            return good if c.islower() else lambda other: not good(other)
        if c == "x":
            c = chr(int(self.source[self.at:self.at + 2], 16))
            self.at += 2
        c = PLAIN.get(c, c)
        return lambda other: other == c

    def charset(self):
        negated, tests = self.take("^"), []
        while not tests or self.peek() != "]":
            c = self.source[self.at]
            self.at += 1
            if c == "\\":
                self.at += 1
                tests.append(self.kind(self.source[self.at - 1]))
            elif self.peek() == "-" and self.source[self.at + 1] != "]":
                high = self.source[self.at + 1]
                self.at += 2
                tests.append(lambda other, c=c, high=high: c <= other <= high)
            else:
                tests.append(lambda other, c=c: other == c)
        self.at += 1
        return lambda c: any(test(c) for test in tests) != negated

    def group(self):
        ahead = None
        if self.take("?"):
            if self.take("P<"):
                self.at = self.source.index(">", self.at) + 1
            elif self.take("="):
                ahead = True
            elif self.take("!"):
                ahead = False
            else:
                self.at = self.source.index(":", self.at) + 1
        node = self.choice()
        if not self.take(")"):
            raise ValueError("missing ) in " + repr(self.source))
        if ahead is None:
            return node
        return lambda text, i, then: node(text, i, lambda j: True) == ahead and then(i)


def search(pattern, text):
    """Whether the pattern, a string, matches anywhere in the text."""
    if not isinstance(pattern, str):
        return bool(pattern.search(text))
    node = Pattern(pattern).node
    return any(node(text, i, lambda j: True) for i in range(len(text) + 1))
