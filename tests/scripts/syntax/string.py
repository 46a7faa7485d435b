# stderr: exact
x = "abc
