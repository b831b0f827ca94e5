"""Verdicts as HTML and text: readable, escaped, and silent about hidden data."""

import re
from dataclasses import replace

from utils.render import as_html, as_text
from utils.verdicts import Evidence, Kind, Verdict

EVIDENCE = Evidence(
    call="conv2d([[1]], [[2]])",
    expected="2 at [0, 0]",
    got="3 at [0, 0]",
    expected_grid=((2.0, 1.0),),
    got_grid=((3.0, 1.0),),
)
PASSED = Verdict("conv2d", "test_a", "The example.", Kind.PASSED, 2, 2)
WRONG = Verdict("conv2d", "test_b", "Random.", Kind.WRONG, 0, 3, "Do `this`.", evidence=EVIDENCE)
HIDDEN = replace(WRONG, hidden=True)


def test_headline_counts_checks_and_points():
    """The first line says how much is done."""
    assert as_text("conv2d", [PASSED, WRONG]).startswith(
        "conv2d: 1 of 2 checks passed, 2 of 5 points"
    )


def test_without_points_none_are_shown():
    """Where nothing is graded, neither the headline nor the table speaks of points."""
    unmarked = [replace(PASSED, points=0, out_of=0), replace(WRONG, out_of=0)]
    assert as_text("conv2d", unmarked).startswith("conv2d: 1 of 2 checks passed\n")
    assert "points" not in as_html("conv2d", unmarked)
    assert "points" in as_html("conv2d", [PASSED, WRONG])


def test_failing_check_shows_call_expected_and_got():
    """A failing public check shows what was called, expected and got, in both forms."""
    for rendered in (as_text("conv2d", [WRONG]), as_html("conv2d", [WRONG])):
        assert EVIDENCE.call in rendered
        assert EVIDENCE.expected in rendered
        assert EVIDENCE.got in rendered


def test_hidden_check_shows_its_sentence_and_no_data():
    """A hidden check's call, expectation and numbers never reach the page."""
    for rendered in (as_text("conv2d", [HIDDEN]), as_html("conv2d", [HIDDEN])):
        assert "hidden" in rendered
        assert "this" in rendered
        assert EVIDENCE.call not in rendered
        assert EVIDENCE.expected not in rendered
        assert EVIDENCE.got not in rendered
    assert HIDDEN.to_dict()["evidence"] is None


def test_everything_of_a_students_is_escaped():
    """Markup in a message, a call or a title is shown, not interpreted."""
    attack = "<script>alert(1)</script>"
    evidence = replace(EVIDENCE, call=attack, got=attack, where=attack)
    verdict = replace(WRONG, message=attack, title=attack, evidence=evidence, note=attack)
    assert "<script" not in as_html(attack, [verdict], attack)


def test_back_quotes_become_code_only_in_pairs():
    """A sentence's `code` is set as code; a lone back-quote stays as it is."""
    assert "<code>this</code>" in as_html("conv2d", [WRONG])
    assert "<code>" not in as_html("conv2d", [replace(WRONG, message="a ` lone one")])


def test_status_is_a_word_and_a_sign():
    """Nothing is told by colour alone."""
    html = re.sub(r'style="[^"]*"', "", as_html("conv2d", [PASSED, WRONG]))
    assert "✓ passed" in html
    assert "✗ wrong" in html


def test_the_same_message_is_said_once():
    """Three checks with one cause give one sentence, not a wall."""
    assert as_text("conv2d", [WRONG, WRONG, HIDDEN]).count("Do `this`.") == 1


def test_verdicts_survive_json():
    """A verdict is the same after a trip through plain data."""
    assert Verdict.from_dict(WRONG.to_dict()) == WRONG
