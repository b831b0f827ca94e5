"""A lesson's questions: what `quiz.yml` may say, and its loader.

    questions:
      - id: dense-parameters          # stable: learners' progress hangs on it
        objective: weights            # one of the lesson's objectives
        kind: number                  # choice choices number shape order match term
        prompt: How many weights …?   # Markdown with $maths$
        explanation: One sentence to keep.
        options:
          - value: 7840
            right: true
            why: 784 inputs times 10 outputs.
          - value: 7850
            why: That counts the 10 biases too.

An option has `text` (choice, choices, order, match, term) or `value` (number, shape),
and always `why`.
`right: true` marks the right ones; where all are right (order, match) there is none to mark.
`order` lists the steps in their right order, `match` gives each text its `match`,
`number` may have a `tolerance`, `term` accepts an English and a Korean answer.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

Value = float | tuple[int, ...]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HANGUL = re.compile(r"[\uac00-\ud7a3]")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times quicker


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    SHAPE = "shape"
    ORDER = "order"
    MATCH = "match"
    TERM = "term"


VALUED = {Kind.NUMBER, Kind.SHAPE}  # options carry a value in place of a text
ALL_RIGHT = {Kind.ORDER, Kind.MATCH}  # the answer is how options are put together
FEWEST = {Kind.CHOICE: 3, Kind.CHOICES: 4, Kind.ORDER: 3, Kind.MATCH: 3}


@dataclass(frozen=True)
class Option:
    """One answer, right or wrong, and why it is."""

    text: str
    why: str
    right: bool
    value: Value | None = None
    match: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `options` are in the file's order, for `order` that is the right one."""

    id: str
    objective: str
    kind: Kind
    prompt: str
    explanation: str
    options: tuple[Option, ...]
    tolerance: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Something wrong in a quiz file: where, what, and how to mend it."""

    line: int
    what: str
    remedy: str


class QuizError(Exception):
    """A quiz file that cannot be used; one line per problem, each with its remedy."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(f"{path}:{p.line}: {p.what} {p.remedy}" for p in self.problems))


def load_quiz(path: str | Path, objectives: Collection[str] | None = None) -> list[Question]:
    """Read a lesson's questions and check them.

    `objectives` are the lesson's slugs: every question must name one of them,
    and every one of them must have a question. None leaves that unchecked.
    Raises QuizError with every problem found: file, line, and what to do.

    >>> load_quiz("solutions/01_convolution/quiz.yml")[0].kind  # doctest: +SKIP
    <Kind.CHOICE: 'choice'>
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=LOADER)
    except FileNotFoundError:
        remedy = "Every lesson has one: add it, or check the lesson's name."
        raise QuizError(path, [Problem(1, "There is no such file.", remedy)]) from None
    except UnicodeDecodeError:
        problem = Problem(1, "The file is not UTF-8 text.", "Save it as UTF-8.")
        raise QuizError(path, [problem]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        remedy = 'Put text that holds ": " or " #" in quotes, or after "|" on lines of its own.'
        what = f"This is not YAML: {error.problem or error.context}."
        raise QuizError(path, [Problem(mark.line + 1 if mark else 1, what, remedy)]) from None

    reader = _Reader(objectives)
    questions = reader.questions(root)
    if reader.problems:
        raise QuizError(path, reader.problems)
    return questions


class _Reader:
    """Turns YAML nodes into questions and collects what is wrong with them."""

    def __init__(self, objectives: Collection[str] | None) -> None:
        self.objectives = objectives
        self.problems: list[Problem] = []

    def complain(self, node: Any, what: str, remedy: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        self.problems.append(Problem(line, what, remedy))

    def questions(self, root: Any) -> list[Question]:
        top = self.table(root, "the file", {"questions"}, set())
        entries = self.items(top.get("questions"), "questions")
        found: list[Question] = []
        lines: dict[str, int] = {}
        for entry in entries:
            question = self.question(entry)
            if question is None:
                continue
            if question.id in lines:
                first = lines[question.id]
                self.complain(
                    entry,
                    f"The id `{question.id}` is taken by the question in line {first}.",
                    "Choose another; never give an old id to a new question.",
                )
            lines.setdefault(question.id, entry.start_mark.line + 1)
            found.append(question)
        for missing in sorted(set(self.objectives or ()) - {q.objective for q in found}):
            self.complain(root, f"No question has the objective `{missing}`.", "Add at least one.")
        return found

    def question(self, node: Any) -> Question | None:
        required = {"id", "objective", "kind", "prompt", "explanation", "options"}
        parts = self.table(node, "a question", required, {"tolerance"})
        if not required <= set(parts):
            return None
        name = self.text(parts["id"], "id")
        if not SLUG.fullmatch(name):
            self.complain(
                parts["id"],
                f"The id `{name}` is not a slug.",
                "Use small letters, digits and single hyphens: dense-parameters.",
            )
        objective = self.text(parts["objective"], "objective")
        self.one_of(parts["objective"], "objective", objective, self.objectives)
        kind_name = self.text(parts["kind"], "kind")
        if not self.one_of(parts["kind"], "kind", kind_name, list(Kind)):
            return None
        kind = Kind(kind_name)
        tolerance = 0.0
        if "tolerance" in parts:
            tolerance = self.number(parts["tolerance"], "tolerance") or 0.0
            if kind is not Kind.NUMBER or tolerance < 0:
                self.complain(
                    parts["tolerance"],
                    "A tolerance is a number ≥ 0 of a question of kind number.",
                    "Remove it or mend it.",
                )
        entries = self.items(parts["options"], f"options of `{name}`")
        options = [self.option(entry, kind) for entry in entries]
        question = Question(
            id=name,
            objective=objective,
            kind=kind,
            prompt=self.text(parts["prompt"], "prompt"),
            explanation=self.text(parts["explanation"], "explanation"),
            options=tuple(option for option in options if option is not None),
            tolerance=tolerance,
        )
        if None not in options:
            for what, remedy in _faults(question):
                self.complain(parts["options"], f"Question `{name}`: {what}", remedy)
        return question

    def option(self, node: Any, kind: Kind) -> Option | None:
        content = "value" if kind in VALUED else "text"
        required = {content, "why"} | ({"match"} if kind is Kind.MATCH else set())
        parts = self.table(
            node, f"an option of kind {kind}", required, set() if kind in ALL_RIGHT else {"right"}
        )
        if not required <= set(parts):
            return None
        value: Value | None = None
        if kind is Kind.NUMBER:
            value = self.number(parts["value"], "value")
        elif kind is Kind.SHAPE:
            value = self.shape(parts["value"])
        if kind in VALUED and value is None:
            return None
        return Option(
            text=show_value(value) if value is not None else self.text(parts["text"], "text"),
            why=self.text(parts["why"], "why"),
            right=kind in ALL_RIGHT or self.flag(parts.get("right")),
            value=value,
            match=self.text(parts["match"], "match") if "match" in parts else "",
        )

    def table(
        self, node: Any, what: str, required: Collection[str], optional: Collection[str]
    ) -> dict[str, Any]:
        """The nodes of a mapping by key, after checking the keys."""
        keys = [*sorted(required), *sorted(optional)]
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f"Expected {what} here.", f"It has the keys {', '.join(keys)}.")
            return {}
        parts: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in parts:
                self.complain(key, f"`{key.value}` is given twice.", "Keep one of them.")
            elif self.one_of(key, f"key of {what}", str(key.value), keys):
                parts[key.value] = value
        for missing in sorted(set(required) - set(parts)):
            self.complain(node, f"`{missing}` is missing in {what}.", "Add it.")
        return parts

    def items(self, node: Any, what: str) -> list[Any]:
        if isinstance(node, yaml.SequenceNode) and node.value:
            return list(node.value)
        if node is not None:
            self.complain(node, f"{what} must be a list.", 'Begin every entry with "- ".')
        return []

    def text(self, node: Any, what: str) -> str:
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        value = value.strip()
        if not value:
            self.complain(node, f"`{what}` must be a text.", "Write it, after | if it is long.")
        elif len(re.findall(r"(?<!\\)\$", re.sub(r"`[^`]*`", "", value))) % 2:
            self.complain(node, f"`{what}` opens maths with $ and does not close it.", "Add the $.")
        return value

    def number(self, node: Any, what: str) -> float | None:
        try:
            value = yaml.SafeLoader("").construct_object(node)
            if isinstance(value, bool) or not math.isfinite(value):
                raise TypeError
        except (TypeError, ValueError, yaml.YAMLError):
            self.complain(node, f"`{what}` must be a finite number.", "Write it in digits: 41866.")
            return None
        return value

    def shape(self, node: Any) -> tuple[int, ...] | None:
        entries = node.value if isinstance(node, yaml.SequenceNode) else []
        sizes = [str(getattr(entry, "value", "")) for entry in entries]
        if not sizes or not all(size.isdecimal() and int(size) > 0 for size in sizes):
            self.complain(
                node, "`value` must be a shape.", "Write whole numbers above 0: [8, 16, 26, 26]."
            )
            return None
        return tuple(int(size) for size in sizes)

    def flag(self, node: Any) -> bool:
        if node is None:
            return False
        if str(node.value) not in {"true", "false"}:
            self.complain(node, "`right` is true or false.", "Write right: true.")
        return str(node.value) == "true"

    def one_of(self, node: Any, what: str, got: str, known: Collection[str] | None) -> bool:
        if known is None or got in known:
            return True
        near = difflib.get_close_matches(got, list(known), n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(sorted(known))}."
        self.complain(node, f"`{got}` is no known {what}.", hint)
        return False


def show_value(value: Value) -> str:
    """A number or a shape as a learner reads it.

    >>> show_value(41866), show_value((8, 16)), show_value((5,)), show_value(-0.5)
    ('41,866', '(8, 16)', '(5,)', '−0.5')
    """
    if isinstance(value, tuple):
        return str(value)
    return f"{value:,}".replace("-", "−")


def _faults(question: Question) -> list[tuple[str, str]]:
    """What is wrong with a question's options taken together, each with its remedy."""
    found: list[tuple[str, str]] = []
    options, kind = question.options, question.kind
    right = [option for option in options if option.right]
    wrong = [option for option in options if not option.right]
    if len(options) < FEWEST.get(kind, 1):
        found.append(
            (f"kind {kind} needs at least {FEWEST[kind]} options.", "Add real misconceptions.")
        )
    if kind is Kind.CHOICE and len(right) != 1:
        found.append(
            (f"{len(right)} options are right.", "Mark one with right: true, or use kind choices.")
        )
    if kind is Kind.CHOICES and not (right and wrong):
        found.append(
            ("some options must be right and some wrong.", "Mark the right ones with right: true.")
        )
    if kind in VALUED and len(right) != 1:
        found.append((f"{len(right)} values are right.", "Mark exactly one with right: true."))
    if kind is Kind.NUMBER and any(_within(question, option) for option in wrong):
        found.append(("a wrong value lies within the tolerance.", "Make the tolerance smaller."))
    if kind is Kind.TERM:
        korean = [bool(HANGUL.search(option.text)) for option in right]
        if True not in korean or False not in korean:
            found.append(
                ("an English and a Korean term must be accepted.", "Add the one that is missing.")
            )
    for texts in ([option.text for option in options], [o.match for o in options if o.match]):
        if len({text.casefold() for text in texts}) < len(texts):
            found.append(("two options are the same.", "Keep one of them."))
    return found


def _within(question: Question, option: Option) -> bool:
    """Whether a number would be taken for one of the right ones."""
    return any(
        other.right
        and isinstance(other.value, int | float)
        and isinstance(option.value, int | float)
        and abs(other.value - option.value) <= question.tolerance
        for other in question.options
    )
