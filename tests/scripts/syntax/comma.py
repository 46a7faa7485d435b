# stderr: exact
foo(1, 2 3)
