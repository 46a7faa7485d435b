"""A scanner that reads a long text letter by letter, by index and by slice."""
TEXT = "alpha = beta + (gamma * 42) - delta[17];\n" * 400


def scan(text):
    kinds = {"name": 0, "number": 0, "mark": 0}
    i, n = 0, len(text)
    while i < n:
        c = text[i]
        if c == " " or c == "\n":
            i += 1
            continue
        start = i
        if c.isalpha():
            while i < n and text[i].isalnum():
                i += 1
            kinds["name"] += len(text[start:i])
        elif c.isdigit():
            while i < n and text[i].isdigit():
                i += 1
            kinds["number"] += int(text[start:i])
        else:
            i += 1
            kinds["mark"] += 1
    return kinds


for _ in range(12):
    result = scan(TEXT)
print(result)
