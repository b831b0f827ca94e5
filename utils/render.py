"""Verdicts as a reader sees them: HTML for notebooks and feedback pages, plain text elsewhere.

Everything is escaped, and styled inline, because a feedback page may drop style sheets.
A status is always a word and a sign, never a colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from utils.describe import number
from utils.verdicts import Evidence, Kind, Verdict

SIGNS = {Kind.PASSED: "✓", Kind.UNANSWERED: "○", Kind.SKIPPED: "–"}
COLOURS = {Kind.PASSED: "#1a7f37", Kind.UNANSWERED: "#57606a", Kind.SKIPPED: "#57606a"}
WRONG_SIGN, WRONG_COLOUR = "✗", "#b3261e"
CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;border:0"
MONO = "font-family:var(--jp-code-font-family,monospace);font-size:0.93em"


def headline(exercise: str, verdicts: Sequence[Verdict]) -> str:
    """One line: how many checks passed and, where there are any, how many points that is."""
    passed = sum(verdict.passed for verdict in verdicts)
    points = sum(verdict.points for verdict in verdicts)
    out_of = sum(verdict.out_of for verdict in verdicts)
    checks = "check" if len(verdicts) == 1 else "checks"
    worth = f", {number(points)} of {number(out_of)} points" if out_of else ""
    return f"{exercise}: {passed} of {len(verdicts)} {checks} passed{worth}"


def as_text(exercise: str, verdicts: Sequence[Verdict], next_step: str = "") -> str:
    """The verdicts as plain text, one line a check and the reasons beneath."""
    lines = [headline(exercise, verdicts)]
    for verdict in verdicts:
        hidden = " (hidden)" if verdict.hidden else ""
        lines.append(f"  {_sign(verdict)} {verdict.kind}: {verdict.title}{hidden}{_note(verdict)}")
    for message, evidence in _reasons(verdicts):
        lines.append(f"  → {message}")
        lines += [f"      {label}: {text}" for label, text in _facts(evidence)]
    if next_step:
        lines.append(f"  {next_step}")
    return "\n".join(lines)


def as_html(exercise: str, verdicts: Sequence[Verdict], next_step: str = "") -> str:
    """The verdicts as a small accessible table, the reasons beneath, and the next step."""
    marked = any(verdict.out_of for verdict in verdicts)
    rows = "".join(_row(verdict, marked) for verdict in verdicts)
    reasons = "".join(_reason(message, evidence) for message, evidence in _reasons(verdicts))
    next_line = f'<p style="margin:8px 0 0">{_code(next_step)}</p>' if next_step else ""
    heads = _head("result") + _head("check") + (_head("points") if marked else "")
    colour = _colour(_worst(verdicts))
    return (
        f'<div class="course-verdict" style="border-left:4px solid {colour};'
        'padding:6px 0 6px 14px;margin:4px 0;line-height:1.45">'
        f'<table style="border-collapse:collapse;margin:0;border:0">'
        f'<caption style="text-align:left;font-weight:600;padding:0 0 4px;white-space:nowrap">'
        f"{escape(headline(exercise, verdicts))}</caption>"
        f'<thead style="border:0"><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{reasons}{next_line}</div>"
    )


def _worst(verdicts: Sequence[Verdict]) -> Kind:
    failed = [verdict.kind for verdict in verdicts if not verdict.passed]
    answered = [kind for kind in failed if kind not in SIGNS]
    return (answered or failed or [Kind.PASSED])[0]


def _head(text: str) -> str:
    return f'<th scope="col" style="{CELL};font-weight:400;opacity:.7">{text}</th>'


def _row(verdict: Verdict, marked: bool) -> str:
    hidden = ' <span style="opacity:.7">(hidden)</span>' if verdict.hidden else ""
    points = f"{number(verdict.points)} of {number(verdict.out_of)}"
    last = f'<td style="{CELL};white-space:nowrap">{points}</td>' if marked else ""
    return (
        f'<tr style="background:transparent"><th scope="row" style="{CELL};font-weight:600;'
        f'white-space:nowrap;color:{_colour(verdict.kind)}">{_sign(verdict)} {verdict.kind}</th>'
        f'<td style="{CELL}">{escape(verdict.title)}{hidden}{escape(_note(verdict))}</td>'
        f"{last}</tr>"
    )


def _note(verdict: Verdict) -> str:
    return f" · {verdict.note}" if verdict.note else ""


def _reasons(verdicts: Sequence[Verdict]) -> list[tuple[str, Evidence | None]]:
    """Each different message once; the evidence only with the first, lest it become a wall."""
    failed = [verdict for verdict in verdicts if not verdict.passed and verdict.message]
    reasons: list[tuple[str, Evidence | None]] = []
    for message, group in groupby(failed, key=lambda verdict: verdict.message):
        if message in (said for said, _ in reasons):
            continue
        shown = [verdict.evidence for verdict in group if not verdict.hidden]
        first = not any(evidence for _, evidence in reasons)
        reasons.append((message, shown[0] if shown and first else None))
    return reasons


def _facts(evidence: Evidence | None) -> list[tuple[str, str]]:
    if evidence is None:
        return []
    facts = [
        ("your code", evidence.where),
        ("called", evidence.call),
        ("expected", evidence.expected),
        ("got", evidence.got),
    ]
    return [(label, text) for label, text in facts if text]


def _reason(message: str, evidence: Evidence | None) -> str:
    facts = "".join(
        f'<tr style="background:transparent"><th scope="row" style="{CELL};font-weight:400;'
        f'opacity:.7">{label}</th><td style="{CELL};{MONO};overflow-wrap:anywhere">'
        f"{escape(text)}</td></tr>"
        for label, text in _facts(evidence)
    )
    table = (
        f'<table style="border-collapse:collapse;margin:4px 0 0">{facts}</table>' if facts else ""
    )
    return f'<p style="margin:8px 0 0">{_code(message)}</p>{table}{_grids(evidence)}'


def _grids(evidence: Evidence | None) -> str:
    if evidence is None or evidence.expected_grid is None or evidence.got_grid is None:
        return ""
    pair = (("expected", evidence.expected_grid), ("yours", evidence.got_grid))
    tables = "".join(
        _grid(title, own, other)
        for (title, own), (_, other) in zip(pair, reversed(pair), strict=True)
    )
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:8px 32px;margin:8px 0 0">{tables}</div>'
        '<p style="margin:4px 0 0;opacity:.7">Numbers that differ are bold, in a thick frame.</p>'
    )


def _grid(title: str, own: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> str:
    rows = ""
    for own_row, other_row in zip(own, other, strict=True):
        cells = "".join(_grid_cell(a, b) for a, b in zip(own_row, other_row, strict=True))
        rows += f'<tr style="background:transparent">{cells}</tr>'
    return (
        f'<table style="border-collapse:collapse;margin:0;{MONO}">'
        f'<caption style="text-align:left;opacity:.7">{title}</caption>'
        f"<tbody>{rows}</tbody></table>"
    )


def _grid_cell(value: float, other: float) -> str:
    close = abs(value - other) <= 1e-6 + 1e-5 * abs(other)
    text = escape(number(value)) if close else f"<b>{escape(number(value))}</b>"
    mark = "1px solid currentColor" if close else f"2px solid {WRONG_COLOUR}"
    return f'<td style="border:{mark};padding:2px 8px;text-align:right;min-width:1.6em">{text}</td>'


def _sign(verdict: Verdict) -> str:
    return SIGNS.get(verdict.kind, WRONG_SIGN)


def _colour(kind: Kind) -> str:
    return COLOURS.get(kind, WRONG_COLOUR)


def _code(text: str) -> str:
    """Escaped text whose `back-quoted` parts are code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts)
    )
