def solve(n, row, columns, up, down):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if column not in columns and row + column not in up and row - column not in down:
            found += solve(n, row + 1, columns | {column}, up | {row + column}, down | {row - column})
    return found


def permutations(items):
    if len(items) <= 1:
        return [items]
    return [[first, *rest] for i, first in enumerate(items) for rest in permutations(items[:i] + items[i + 1 :])]


print(solve(8, 0, set(), set(), set()), len(permutations(list(range(8)))))
