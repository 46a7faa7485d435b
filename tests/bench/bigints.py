"""Integers beyond a machine word: products, powers, division, decimal digits."""


def factorial(n):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return product


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


total = 0
for n in range(200, 260):
    total += factorial(n) // factorial(n - 3)
    total ^= fibonacci(3 * n)
    total += pow(n, 10**40, 2**127 - 1)
text = str(factorial(1500))
print(total % 1000003, len(text), sum(map(int, text)), int(text[:900]) % 97)
