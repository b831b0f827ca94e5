"""Students' prose and code on a page: nothing acts, and nothing takes long."""

import time

import pytest

from autograder.judge.html import safe_code, safe_markdown

SLOW_PROSE = [r"\begin{a}", "<div>", r"\\(", r"\\[", "[", "```\n", "*_", "> "]
SLOW_CODE = ["a.", "a.a ", "(", "?", "@"]


@pytest.mark.parametrize("part", SLOW_PROSE)
def test_no_prose_takes_long_to_show(part):
    """A cell of whatever prose is rendered, or shown as it was typed, in a moment."""
    began = time.process_time()
    safe_markdown({"cell": {}}, part * (200_000 // len(part)))
    safe_markdown({"cell": {}}, part * (19_000 // len(part)))
    assert time.process_time() - began < 10


@pytest.mark.parametrize("part", SLOW_CODE)
def test_no_code_takes_long_to_show(part):
    """Pygments would read a chain of names again and again; such code goes without colours."""
    began = time.process_time()
    safe_code(part * (400_000 // len(part)))
    safe_code(part * (19_000 // len(part)))
    assert time.process_time() - began < 10


def test_ordinary_code_has_its_colours():
    """A short cell is highlighted as nbconvert does; markup in it is text."""
    page = safe_code("x = '<script>'")
    assert '<span class="' in page
    assert "<script" not in page


def test_code_without_colours_is_escaped():
    """What is shown as it was typed cannot act."""
    page = safe_code("<script>" + "a." * 300)
    assert page.startswith('<div class="highlight"><pre>&lt;script&gt;')


def test_prose_without_form_is_escaped():
    """Markdown that is too long to be rendered shows as text."""
    page = safe_markdown({"cell": {}}, "<script>alert(1)</script>" * 5_000)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
