"""Returns lists, tuples and dicts that lie about their length and contents, or never end."""


# %% double
class Endless(list):
    def __len__(self):
        return 3

    def __iter__(self):
        while True:
            yield self

    def __eq__(self, other):
        return True

    __hash__ = None


class Growing(dict):
    def items(self):
        while True:
            yield "x", self

    def __eq__(self, other):
        return True

    __hash__ = None


def double(x):
    return (Endless([Endless()]), Growing(a=Growing()))
