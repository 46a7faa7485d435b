def run(n):
    seed = 42
    values = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append(seed)
    a = sorted(values)
    b = sorted(values, key=lambda v: v % 1000)
    pairs = sorted((v % 100, v) for v in values)
    words = sorted(str(v) for v in values)
    return a[0], b[0], pairs[-1], words[n // 2]


print(run(120_000))
