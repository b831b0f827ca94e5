"""Writes escape sequences and characters that hide, reorder and overwrite what a reader sees."""

# %% double
CODES = (
    "\x1b[2J\x1b]0;markup\x07\x1b]8;;http://example.com\x1b\\\x1b[8m\u202e\u2066\u200f\x08\x9b2J"
)
print(CODES)


def double(x):
    raise type("Wrong" + CODES, (Exception,), {})(CODES + "dessap 4 fo 4" + CODES)
