"""`python -m autograder.kernel FD`: a warm parent that takes its orders from the socket FD."""

import sys

from autograder.kernel.parent import main

main(int(sys.argv[1]))
