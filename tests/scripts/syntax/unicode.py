# stderr: exact
bäß = 1 +
