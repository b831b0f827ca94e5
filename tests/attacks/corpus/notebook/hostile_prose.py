"""Writes prose that acts, that asks other servers for pictures, and that takes hours to show."""

import nbformat

MARKUP = """
<script>alert('markup_attack')</script> [x](javascript:alert('markup_attack'))
![x](https://example.com/markup_attack.png) <img src=x onerror="alert('markup_attack')">
<iframe srcdoc="<script>alert('markup_attack')</script>"></iframe><style>*{display:none}</style>
$\\href{javascript:alert('markup_attack')}{x}$ <a href="data:text/html,markup_attack">x</a>
"""


def attack(notebook):
    why = next(c for c in notebook.cells if c.id == "why")
    why.source = MARKUP
    why["attachments"] = {"x": {"image/svg+xml": "<svg onload=alert('markup_attack')>"}}
    slow = (r"\begin{a}" * 20_000, "<div>" * 20_000, r"\\(" * 20_000, "[" * 50_000)
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in slow]
    return notebook
