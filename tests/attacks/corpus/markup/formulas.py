"""Raises errors that a spreadsheet would run as formulas."""

# %% double
FORMULA = '=HYPERLINK("http://example.com","4")'


def double(x):
    raise type(FORMULA, (Exception,), {})("\t=cmd|' /C calc'!A0")
