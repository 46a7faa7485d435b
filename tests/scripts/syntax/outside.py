# stderr: exact
return 5
