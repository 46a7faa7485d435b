# stderr: exact
print("never")
if True:
print("x")
