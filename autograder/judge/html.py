"""Students' Markdown and code as HTML: nothing in it acts, and it is made in little time.

The formgrader shows a student's prose on a page that may use the teacher's Jupyter server: no
script, no style sheet, no foreign picture. A text that the renderers would take hours for (each of
them meets some text to which it returns again and again) is shown as it was typed.
"""

from __future__ import annotations

import re
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

WORDS = ("a", "abbr", "b", "br", "code", "del", "em", "i", "img", "kbd", "mark", "s", "small")
MORE_WORDS = ("span", "strong", "sub", "sup", "u")
BLOCKS = ("blockquote", "details", "div", "figcaption", "figure", "hr", "p", "pre", "summary")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("dd", "dl", "dt", "li", "ol", "ul")
TABLES = ("caption", "table", "tbody", "td", "th", "thead", "tr")
TAGS = frozenset((*WORDS, *MORE_WORDS, *BLOCKS, *HEADINGS, *LISTS, *TABLES))
# Pasted pictures and the lesson's own; the teacher's browser is to ask for no other address.
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*|images/\w[\w.-]*")
STYLES = ["color", "background-color", "font-size", "font-weight", "text-align", "width"]


# MathJax turns these into links, styles and element ids.
ACTIVE_TEX = re.compile(r"\\(href|style|cssId|class|require)(?![A-Za-z])")

LONGEST_PROSE, LONGEST_CODE = 20_000, 20_000  # characters of one cell
# Openings that mistune and html5lib look for the end of, each from where it stands to the end.
OPENING = re.compile(r"<|\\begin|\\\\[\[(]")
MOST_OPENINGS = 500
# Pygments reads such a run again from each of its places: 16,000 characters take six seconds.
LONG_RUN = re.compile(r"[\w.]{500}")


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """A filter for nbconvert's templates: Markdown as HTML without anything that acts.

    `context` is jinja2's; the cell in it may hold pasted pictures.
    Example: in `**bold** <script>x()</script>` the bold stays, and the script shows as text.
    """
    if len(source) > LONGEST_PROSE or len(OPENING.findall(source)) > MOST_OPENINGS:
        return as_typed(source)
    cell = context.get("cell") or {}
    pictures = cell.get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=pictures, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(ACTIVE_TEX.sub(r"\\text", source)))


def safe_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """A filter for nbconvert's templates: code with its colours, or plain where they cost too much.

    Example: `safe_code("x = 1")` is a `<div class="highlight …">`.
    """
    if len(source) > LONGEST_CODE or LONG_RUN.search(source):
        return as_typed(source)
    highlight: Any = Highlight2HTML(pygments_lexer="ipython3")
    return str(highlight(source, language, metadata))


def as_typed(source: str) -> str:
    """A text in the page as it was typed, with nothing made of it."""
    return f'<div class="highlight"><pre>{escape(source)}</pre></div>'


def clean(html: str) -> str:
    """HTML with the harmless tags and attributes kept and the rest shown as text."""
    return str(
        bleach.clean(
            html,
            tags=TAGS,
            attributes=_allowed,
            protocols=["http", "https", "mailto", "data"],
            css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
        )
    )


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return PICTURE.fullmatch(value) is not None
    if tag == "a" and name == "href":
        return value.startswith(("http://", "https://", "mailto:", "#"))
    common = ("class", "title", "style", "alt", "width", "height", "open")
    return name in (*common, "colspan", "rowspan", "scope", "align")
