import sys


def down(n):
    if n == 0:
        return 0
    return 1 + down(n - 1)


print(down(500))
sys.setrecursionlimit(5000)
print(down(4500))


def endless():
    return endless()


try:
    endless()
except RecursionError as e:
    print(e)


class Loop:
    def __getattr__(self, name):
        return getattr(self, name + "x")


sys.setrecursionlimit(300)
try:
    Loop().a
except RecursionError:
    print("recursion in getattr")


def ping(n):
    try:
        return pong(n + 1)
    finally:
        pass


def pong(n):
    return ping(n + 1)


try:
    ping(0)
except RecursionError as e:
    print(type(e).__name__)
print(down(100))
