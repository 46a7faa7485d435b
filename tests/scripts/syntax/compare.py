# stderr: exact
while x = 3:
    pass
