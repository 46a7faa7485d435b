# stderr: exact
print "hello"
