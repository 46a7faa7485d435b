def run(n):
    parts = []
    for i in range(n):
        parts.append("item %d: %s" % (i, "x" * (i % 7)))
        parts.append(f"{i:5d}|{i * 3}")
    text = ",".join(parts)
    total = 0
    for word in text.split(","):
        if word.startswith("item"):
            total += len(word.strip().upper())
        else:
            total += word.find("|")
    buffer = ""
    for ch in text[:200_000]:
        if ch.isdigit():
            buffer += ch
    return total, len(buffer), text.count("xx"), len(text.replace("item", "thing"))


print(run(120_000))
