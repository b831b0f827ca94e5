"""Small SVG pictures for the report, written inline so that the page needs nothing else."""

from __future__ import annotations

from markupsafe import Markup, escape

from autograder.report.model import ClassReport, number

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 46, 44


def histogram(report: ClassReport, bars: int = 10) -> Markup:
    """The totals of the class as bars with their counts, mean and median marked.

    The picture's description says the same in words.
    """
    bins = report.histogram(bars)
    tallest = max([bar.count for bar in bins] + [1])
    plot_width, plot_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    base = TOP + plot_height

    def x_of(points: float) -> float:
        return LEFT + plot_width * points / (report.out_of or 1.0)

    parts: list[str] = []
    # The markers come first, so that the bars and their counts lie over the lines.
    if report.mean is not None and report.median is not None:
        # The labels stand on the outer sides of the two lines, so that no line crosses a label.
        mean, median = report.mean, report.median
        label = f"mean {number(round(mean, 1))}"
        parts.append(_marker(x_of(mean), label, 0, base, left=mean < median))
        label = f"median {number(round(median, 1))}"
        parts.append(_marker(x_of(median), label, 1, base, left=median <= mean))
    for bar in bins:
        left, right = x_of(bar.low), x_of(bar.high)
        height = plot_height * bar.count / tallest
        if bar.count:
            parts.append(
                f'<rect class="bar" x="{left + 3:.1f}" y="{base - height:.1f}" '
                f'width="{right - left - 6:.1f}" height="{height:.1f}" rx="2"/>'
            )
            label_y = base - height + 17 if height > 26 else base - height - 5
            label = "count in" if height > 26 else "count"
            parts.append(_text((left + right) / 2, label_y, str(bar.count), label))
        parts.append(_text(left, base + 18, number(bar.low), "tick"))
    parts.append(_text(x_of(report.out_of), base + 18, number(report.out_of), "tick"))
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    parts.append(_text(LEFT + plot_width / 2, HEIGHT - 6, "points", "tick"))
    words = escape(_in_words(report, bars))
    return Markup(
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{words}">{"".join(parts)}</svg>'
    )


def share(part: int, whole: int) -> Markup:
    """A thin bar for `part` of `whole`; the numbers stand beside it in the table."""
    filled = 100 * part / whole if whole else 0
    return Markup(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rail" width="100" height="10" rx="1.5"/>'
        f'<rect class="fill" width="{filled:.1f}" height="10" rx="1.5"/></svg>'
    )


def _marker(x: float, text: str, row: int, base: float, *, left: bool) -> str:
    """An upright line with its label above the bars, kept inside the picture."""
    y = 14 + 16 * row
    left = x > WIDTH * 0.8 or (left and x > WIDTH * 0.2)
    anchor, shift = ("end", -5) if left else ("start", 5)
    dashes = ' stroke-dasharray="2 3"' if row else ""
    line = f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 10}" y2="{base}"{dashes}/>'
    label = f'<text class="mark-label" x="{x + shift:.1f}" y="{y}" text-anchor="{anchor}">'
    return f"{line}{label}{escape(text)}</text>"


def _text(x: float, y: float, text: str, kind: str) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'
    )


def _in_words(report: ClassReport, bars: int) -> str:
    counts = [
        f"{bar.count} from {number(bar.low)} to {number(bar.high)}"
        for bar in report.histogram(bars)
        if bar.count
    ]
    return "Students by points: " + ("; ".join(counts) if counts else "none graded yet")
