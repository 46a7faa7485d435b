def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return sum(1 for f in flags if f)


def matrix(n):
    a = [[i * j % 10 for j in range(n)] for i in range(n)]
    result = []
    for row in a:
        out = []
        for j in range(n):
            s = 0
            for k in range(n):
                s += row[k] * a[k][j]
            out.append(s)
        result.append(out)
    return result[n // 2][n // 3]


print(sieve(2_000_000), matrix(120))
