"""Wrong and other right solutions of `positional_encoding`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "positional_encoding",
    says="You put all sines in the left half and all cosines in the right. "
    "Here they take turns: sin in columns 0, 2, 4, …, cos in 1, 3, 5, ….",
)
def in_halves(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


@misconception(
    "positional_encoding",
    says="Sine and cosine are exchanged: the even columns, 0 among them, hold the sine.",
)
def cosine_first(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.cos(), angle.sin()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="You choose sine or cosine by the position. The column decides: "
    "each row has sines in its even columns and cosines in its odd ones.",
)
def chosen_by_the_position(length, d):
    position = torch.arange(length)[:, None]
    pair = torch.arange(d) // 2
    angle = position / 10000 ** (2 * pair / d)
    return torch.where(position % 2 == 0, angle.sin(), angle.cos())


@misconception(
    "positional_encoding",
    says="Every column of yours has a frequency of its own. "
    "Columns 2i and 2i + 1 share one, 1/10000^(2i/d): a sine and its cosine.",
)
def frequency_for_each_column(length, d):
    position, column = torch.arange(length)[:, None], torch.arange(d)
    angle = position / 10000 ** (column / d)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos())


@misconception(
    "positional_encoding",
    says="You double twice: torch.arange(0, d, 2) already counts 2i. "
    "The exponent runs from 0 to nearly 1.",
)
def doubled_twice(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (2 * torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="The 2 is missing in the exponent: with i = 0, 1, 2, … for the pairs of columns "
    "it is 2i/d, which runs from 0 to nearly 1.",
)
def two_missing(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (torch.arange(d // 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="Your exponents reach 1, so that the last pair has 1/10000. "
    "They are 2i/d, and the last one is (d − 2)/d.",
)
def exponent_reaches_one(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** torch.linspace(0, 1, d // 2)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="`//` throws the fraction away, so that 2i // d is always 0 and all pairs turn at the "
    "same speed. Divide with `/`.",
)
def whole_exponents(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000.0 ** (torch.arange(0, d, 2) // d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="You multiply by 10000^(2i/d). Divide the position by it: "
    "later columns turn more slowly, not faster.",
)
def multiplied(length, d):
    position = torch.arange(length)[:, None]
    angle = position * 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="You count positions from 1. The first position is 0: its row is 0, 1, 0, 1, ….",
)
def counted_from_one(length, d):
    position = torch.arange(1, length + 1)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="You divide the positions by the length. Then position 3 looks different in every "
    "sentence; take the position as it is.",
)
def divided_by_the_length(length, d):
    position = torch.arange(length)[:, None] / length
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@misconception(
    "positional_encoding",
    says="Rows and columns are exchanged. A row belongs to a position: (length, d).",
)
def transposed(length, d):
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d).T


@misconception(
    "positional_encoding",
    says="The numbers are right, but they are float64. float32 is asked for: "
    "dtype=torch.float32, or end with .float().",
)
def in_double(length, d):
    position = torch.arange(length, dtype=torch.float64)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2, dtype=torch.float64) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).reshape(length, d)


@alternative("positional_encoding")
def every_second_column_filled(length, d):
    table = torch.zeros(length, d)
    position = torch.arange(length, dtype=torch.float64)[:, None]
    speed = torch.logspace(0, -4 * (d - 2) / d, d // 2, dtype=torch.float64)
    table[:, 0::2] = torch.sin(position * speed)
    table[:, 1::2] = torch.cos(position * speed)
    return table


@alternative("positional_encoding")
def number_by_number(length, d):
    import math

    def entry(position, column):
        angle = position / 10000 ** (2 * (column // 2) / d)
        return math.cos(angle) if column % 2 else math.sin(angle)

    rows = [[entry(position, column) for column in range(d)] for position in range(length)]
    return torch.tensor(rows, dtype=torch.float32).reshape(length, d)


@alternative("positional_encoding")
def hands_of_clocks(length, d):
    # A complex number of length 1 for each pair: its imaginary part is the sine.
    speed = 10000 ** (-torch.arange(0, d, 2).double() / d)
    angle = torch.outer(torch.arange(length).double(), speed)
    hands = torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(hands).flip(-1).reshape(length, d).float()


@alternative("positional_encoding")
def cosine_is_a_sine_ahead(length, d):
    column = torch.arange(d).double()
    speed = 10000 ** (-(column - column % 2) / d)
    ahead = torch.pi / 2 * (column % 2)
    return torch.sin(torch.arange(length)[:, None] * speed + ahead).float()
