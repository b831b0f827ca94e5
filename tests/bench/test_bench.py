"""The arithmetic of the benchmarks, and that they watch what they say they watch."""

import subprocess
import sys

import pytest

from tests.bench.__main__ import page
from tests.bench.aims import AIMS, aims
from tests.bench.cost import NEEDED, cost
from tests.bench.grading import ALL, HOOKS, ONE, STOCK
from tests.bench.measure import Line, Section, Spread, Watch, in_turn, table

# Takes 60 MB, then computes for a while.
GREEDY = (
    "data = b'x' * 60_000_000\nimport time\nend = time.time() + 2\nwhile time.time() < end: pass"
)


def test_a_line_tells_start_up_from_the_rest():
    """Of 5 s for one and 11 s for four submissions, 2 s are each one's and 3 s the start's."""
    line = Line((1, 4), Spread((5.0, 5.0)), Spread((11.0, 11.0)))
    assert line.slope.values == (2.0, 2.0)
    assert line.start == 3.0
    assert line.whole(10) == 23.0


def test_a_spread_shows_median_least_and_most():
    """What varied says how much; what did not is one number."""
    assert Spread((0.3, 0.1, 0.2)).shown(1) == "0.2 (0.1–0.3)"
    assert Spread((0.0021,)).shown(1, scale=1000) == "2.1"


def test_ways_take_turns():
    """Each round measures every way, so that both sides of a ratio meet the same machine."""
    seen = []
    found = in_turn({"a": lambda: seen.append("a") or 1.0, "b": lambda: seen.append("b") or 2.0}, 2)
    assert seen == ["a", "b", "a", "b"]
    assert found["b"].values == (2.0, 2.0)


def test_the_watch_sees_memory_and_time():
    """A process that takes 60 MB and computes is told so, after it has ended."""
    process = subprocess.Popen([sys.executable, "-c", GREEDY])
    watch = Watch(process)
    process.wait()
    watch.stop()
    assert 60 < watch.peaks["coordinator"] < 200
    assert watch.cpu > 0.1


@pytest.mark.parametrize("aim", AIMS, ids=lambda aim: aim.fact)
def test_every_aim_can_be_missed(aim):
    """An aim holds for some values and not for others, and the table says which."""
    verdicts = {aim.holds(value) for value in (-1.0, 0.0, 1.0, 1e6)}
    assert verdicts == {True, False}
    [told] = aims({aim.fact: 1e6})
    assert aim.words in told
    assert ("| yes |" in told) == aim.holds(1e6)


def test_nothing_is_said_about_what_was_not_measured():
    """A run of one part has no table of aims and no cost of a large class."""
    assert aims({}) == []
    assert cost({}) == []


def test_a_large_class_is_limited_by_workers_and_then_by_the_coordinator():
    """10,000 submissions of 1 s: 5,000 s with two workers; with many, the 0.1 s of recording."""
    facts = dict.fromkeys(NEEDED, 0.0) | {"cluster computing": 1.0, "coordinator CPU": 0.1}
    [section] = cost(facts)
    assert f"| 2 | {5000 / 60:.0f} | the workers |" in section.text
    assert f"| 128 | {1000 / 60:.0f} | the coordinator |" in section.text


def test_the_page_holds_every_part():
    """The file has the machine, the aims, and a heading and table for each part."""
    part = Section("Title", table(("a", "b"), [(1, 2)]), {f"{ONE} ratio": 25.0})
    text = page("make bench", "Two cores.", [part], minutes=3.2)
    assert "in 3 minutes" in text
    assert "## Aims" in text
    assert "## Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |" in text
    assert len({STOCK, HOOKS, ONE, ALL}) == 4
