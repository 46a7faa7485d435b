# stderr: exact
def f(:
    pass
