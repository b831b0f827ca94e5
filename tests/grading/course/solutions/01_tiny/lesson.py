# ---
# title: Tiny
# title_ko: 작은
# minutes: 5
# objectives:
#   twice: double every number of a tensor
#   add: add up a tensor
# ---

# %%
import torch

from utils import check, hint, idea, quiz, start

start("01_tiny")

# %% [markdown]
r"""
## Twice and sum
"""

# %%
DEMO = torch.ones(3)
print("the demonstration ran", DEMO.sum().item())

# %%
FACTOR = 2


# %% exercise="double" stars=1 objective="twice"
def double(x):
    """Twice every number: (L,) → (L,)."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% hints="double"
r"""
What is twice 3?

A tensor times a number multiplies every entry.

`return … * x`
"""

# %% idea="double"
r"""
Multiplication works on a whole tensor at once.
"""

# %% check="double" points=4


# %% exercise="total" stars=1 objective="add"
def total(x):
    """The sum of all numbers: (L,) → a number."""
    ### BEGIN SOLUTION
    result = 0.0
    for number in x:
        result = result + number
    return result
    ### END SOLUTION


# %% hints="total"
r"""
What is 1 + 2 + 3?

Start at zero and add one number after the other.

`result = result + number`
"""

# %% idea="total"
r"""
A sum grows by one number at a time.
"""

# %% check="total" points=3

# %% [markdown] essay="why" points=2
r"""
Why is doubling linear? Answer in two lines.

### BEGIN SOLUTION
**Rubric.** 1 point for additivity, 1 for scaling.

**Model answer (full marks).** 2(x + y) = 2x + 2y and 2(cx) = c(2x).

**Model answer (half marks).** 2(x + y) = 2x + 2y.

**Model answer (no marks).** Because it is easy.
### END SOLUTION
"""
