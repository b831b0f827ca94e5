"""The YAML header of a `lesson.py`: title, time, objectives, and whether it is graded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

KEYS = ("title", "title_ko", "minutes", "objectives")
OPTIONAL = ("graded",)
REMEDY = "Write the header as YAML: `# title: …`, with quotes where the text holds a colon"

# Notes a problem: line, problem, remedy.
Wrong = Callable[[int, str, str], None]


@dataclass(frozen=True)
class Header:
    """What a notebook's first cell says; `objectives` maps a short name to a sentence.

    `graded` is False for a lesson without marks, such as a warm-up.
    `lines` has the line of each key, and of each objective as `objectives.<name>`.
    """

    title: str = ""
    title_ko: str = ""
    minutes: int = 0
    objectives: dict[str, str] = field(default_factory=dict)
    graded: bool = True
    lines: dict[str, int] = field(default_factory=dict)


def read_header(lines: list[str], wrong: Wrong) -> tuple[Header, int]:
    """The header of these lines of a file, and the index of the first line after it."""
    if not lines or lines[0].rstrip() != "# ---":
        between = ", ".join(KEYS)
        wrong(1, "no YAML header", f"Start the file with `# ---`, then {between}, then `# ---`")
        return Header(), 0
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() == "# ---"), None)
    if end is None:
        wrong(1, "the YAML header is left open", "Close it with a line `# ---`")
        return Header(), 1
    for i, line in enumerate(lines[1:end], start=2):
        if not line.startswith("# ") and line.rstrip() != "#":
            wrong(i, "a header line without `# `", "Start every header line with `# `")
            return Header(), end + 1
    return _parse("\n".join(line[2:] for line in lines[1:end]), wrong), end + 1


def _parse(text: str, wrong: Wrong) -> Header:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or "cannot be read"
        wrong(mark.line + 2 if mark else 1, f"bad YAML header: {detail}", REMEDY)
        return Header()
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        wrong(1, "bad YAML header: not a list of `key: value` lines", REMEDY)
        return Header()
    lines = _key_lines(node, "header key", wrong)
    for key in data:
        if key not in (*KEYS, *OPTIONAL):
            use = f"Use one of: {', '.join((*KEYS, *OPTIONAL))}"
            wrong(lines.get(str(key), 1), f'unknown header key "{key}"', use)
    for key in KEYS:
        if key not in data:
            wrong(1, f"the header has no `{key}`", f"Add a line `# {key}: …`")
    lines |= _objective_lines(node, wrong)
    return Header(
        title=_text(data, lines, "title", wrong),
        title_ko=_text(data, lines, "title_ko", wrong),
        minutes=_minutes(data, lines, wrong),
        objectives=_objectives(data, lines, wrong),
        graded=_graded(data, lines, wrong),
        lines=lines,
    )


def _key_lines(node: yaml.MappingNode, what: str, wrong: Wrong) -> dict[str, int]:
    """The line of each key; a key written twice is noted (YAML would drop the first)."""
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 2
        if str(key.value) in lines:
            wrong(line, f'{what} "{key.value}" is given twice', "Keep one of the two")
        lines[str(key.value)] = line
    return lines


def _objective_lines(node: yaml.MappingNode, wrong: Wrong) -> dict[str, int]:
    for key, value in node.value:
        if key.value == "objectives" and isinstance(value, yaml.MappingNode):
            found = _key_lines(value, "objective", wrong)
            return {f"objectives.{name}": line for name, line in found.items()}
    return {}


def _text(data: dict[str, Any], lines: dict[str, int], key: str, wrong: Wrong) -> str:
    value = data.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    if key in data:
        wrong(lines[key], f"`{key}` is not text", f"Write `# {key}: some words`")
    return ""


def _minutes(data: dict[str, Any], lines: dict[str, int], wrong: Wrong) -> int:
    value = data.get("minutes")
    if type(value) is int and value > 0:
        return value
    if "minutes" in data:
        problem = f"`minutes` is {value!r}, not a whole number above 0"
        wrong(lines["minutes"], problem, "Write an honest beginner's time, such as `minutes: 90`")
    return 0


def _graded(data: dict[str, Any], lines: dict[str, int], wrong: Wrong) -> bool:
    value = data.get("graded", True)
    if type(value) is bool:
        return value
    remedy = "Write `graded: false` for a lesson without marks, or leave the line out"
    wrong(lines["graded"], f"`graded` is {value!r}, not true or false", remedy)
    return True


def _objectives(data: dict[str, Any], lines: dict[str, int], wrong: Wrong) -> dict[str, str]:
    value = data.get("objectives")
    if "objectives" in data and (not isinstance(value, dict) or not value):
        wrong(
            lines["objectives"],
            "`objectives` is not a list of `name: sentence` lines",
            "Write below it, indented, `#   loops: write a convolution as loops`",
        )
    objectives = {}
    for name, sentence in (value if isinstance(value, dict) else {}).items():
        line = lines.get(f"objectives.{name}", 1)
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            wrong(line, f'bad objective name "{name}"', "Use small letters, digits and _")
        elif not isinstance(sentence, str) or not sentence.strip():
            wrong(line, f"objective `{name}` has no sentence", "Say what a learner can do")
        else:
            objectives[name] = sentence.strip()
    return objectives
