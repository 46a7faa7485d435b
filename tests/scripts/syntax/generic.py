# stderr: exact
def f(a):
    return a b
