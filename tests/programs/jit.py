"""Loops that a JIT compiles, in calls, for ever."""
import sys


def spin(count):
    total = 0
    for number in range(count):
        total += number * 2 & 7
        if total > 1000000:
            total -= 1000000
    return total


def middle(count):
    total = 0
    for _ in range(200):
        total += spin(count)
    return total


def main():
    middle(2000)
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    while True:
        middle(20000)


main()
