"""Lets other programs look: a shell, find, tar, and a second Python."""

# %% double
import subprocess
import sys

commands = (
    "cat @COURSE@/solutions/01_tiny/*.py",
    "find / -xdev -name hidden_checks.py -exec cat {} +",
    "tar cf - @COURSE@ | strings",
    "grep -rl SECRET @COURSE@ /home /root /tmp /var",
)
for command in commands:
    done = subprocess.run(command, shell=True, capture_output=True, timeout=1.5)
    print(done.stdout[:2000], done.stderr[:100])
code = "print(open('@COURSE@/solutions/01_tiny/hidden_checks.py').read())"
print(subprocess.run([sys.executable, "-c", code], capture_output=True).stdout)


def double(x):
    return None
