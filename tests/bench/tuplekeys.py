"""Life on a sparse board: sets and dicts whose keys are pairs."""


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = x + dx, y + dy
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in cells}


cells = {(0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (30, 30), (31, 30), (32, 30), (32, 29), (31, 28)}
for _ in range(120):
    cells = step(cells)
print(len(cells), min(cells), max(cells))
