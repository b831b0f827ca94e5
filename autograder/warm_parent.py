"""`python -m autograder.warm_parent FD [WITHOUT …]`: a warm parent that takes its orders from FD.

It enters its jail before anything else is loaded. WITHOUT names mechanisms of the sandbox to do
without, as if this machine did not have them.
"""

import sys

from autograder.sandbox.probe import CODE
from autograder.sandbox.shelter import take_shelter
from autograder.sandbox.view import usual_view


def main(control: int, *without: str) -> None:
    shelter = take_shelter(usual_view(CODE), without)

    from autograder.kernel.parent import main as serve

    serve(control, shelter)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
