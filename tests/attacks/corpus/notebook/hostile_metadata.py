"""Fills the metadata with what other programs act on: kernels, paths, versions, markup."""

MARKUP = "<script>alert('markup_attack')</script>"


def attack(notebook):
    notebook.metadata.update(
        kernelspec={"name": "bash; touch /tmp/attack", "display_name": MARKUP, "language": MARKUP},
        language_info={"name": MARKUP, "pygments_lexer": "../../x", "file_extension": "/../x"},
        widgets={"application/vnd.jupyter.widget-state+json": {"state": MARKUP}},
        title=MARKUP,
        celltoolbar=MARKUP,
    )
    for cell in notebook.cells:
        cell.metadata["tags"] = ["hide-cell", MARKUP]
        cell.metadata["nbgrader"] = {
            **cell.metadata.get("nbgrader", {}),
            "schema_version": 999,
            "comment": MARKUP,
            "checksum": "0" * 10**5,
            "remove": True,
        }
    return notebook
