"""A hundred thousand cells, each as small as a cell can be."""

# ends: not gradable


def attack(notebook):
    cell = b'{"cell_type":"code","source":"","outputs":[],"metadata":{}},'
    return (
        b'{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":['
        + cell * 100_000
        + cell[:-1]
        + b"]}"
    )
