"""Loads numpy and uses it: large extension modules, large blocks, and the threads of its linear algebra."""
import sys

import numpy

square = numpy.random.rand(400, 400)
product = square @ square
rows = [numpy.zeros(n) for n in range(0, 60000, 97)]
text = numpy.array([str(n) for n in range(20000)])
huge = numpy.ones(4 << 20)
sys.stdout.write("READY\n")
sys.stdout.flush()
sys.stdin.readline()
