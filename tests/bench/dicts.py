def run(n):
    counts = {}
    for i in range(n):
        key = (i * 7919) % 5003
        counts[key] = counts.get(key, 0) + 1
    grid = {}
    for x in range(150):
        for y in range(150):
            grid[x, y] = x ^ y
    total = 0
    for _ in range(6):
        for x in range(1, 149):
            for y in range(1, 149):
                total += grid[x - 1, y] + grid[x, y + 1]
    names = {"a%d" % i: i for i in range(2000)}
    for _ in range(100):
        for name, value in names.items():
            if name in names:
                total += value
    return total + sum(counts.values())


print(run(600_000))
