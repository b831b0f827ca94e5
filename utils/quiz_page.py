"""A quiz as a page: readable without a kernel, by keyboard, and without seeing colours.

Every answer is a `<details>`: it opens with Enter or a click and says in words whether it is right.
"""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import mistune
from IPython.display import HTML, display

from utils.notebook import lesson_folder
from utils.quiz import Kind, Option, Question, load_quiz

ASKS = {
    Kind.CHOICE: "Choose one, then open it.",
    Kind.CHOICES: "Choose all that are right, then open each.",
    Kind.NUMBER: "Work out the number, then open the answer.",
    Kind.SHAPE: "Work out the shape, then open the answer.",
    Kind.ORDER: "Decide on an order, then open the answer.",
    Kind.MATCH: "Find the partner of each, then open it.",
    Kind.TERM: "Name it in English or in Korean, then open the answer.",
}

STYLE = """
.course-quiz { max-width: 46rem; line-height: 1.5; }
.course-quiz .part > summary { cursor: pointer; }
.course-quiz .part > summary h4 { display: inline-block; margin: .4rem 0; }
.course-quiz section { border-top: 1px solid var(--jp-border-color1, #bbb); padding: .2rem 0 1rem; }
.course-quiz h5 { margin: .7rem 0 .2rem; font-size: 1em; font-weight: bold; }
.course-quiz .ask { font-style: italic; margin: .2rem 0 .5rem; }
.course-quiz section details { border: 1px solid var(--jp-border-color2, #ccc);
  border-radius: 6px; margin: .35rem 0; padding: .3rem .7rem; }
.course-quiz section details[open] { border-left-width: 5px; }
.course-quiz section summary { cursor: pointer; }
.course-quiz p { margin: .3rem 0; }
.course-quiz li { margin: .2rem 0; }
"""

_markdown = mistune.create_markdown(escape=True, plugins=["math"])


def quiz(lesson: str = "", folder: str | Path | None = None) -> None:
    """Show a lesson's questions; each answer opens to tell whether it is right, and why.

    `lesson` is the lesson that `start` began when it is left out.
    `folder` may point to the folder that holds `quiz.yml` instead.
    """
    folder = Path(folder) if folder is not None else lesson_folder(lesson)
    display(HTML(quiz_html(load_quiz(folder / "quiz.yml"))))


def quiz_html(questions: Sequence[Question]) -> str:
    """The questions as one HTML fragment with its own style, a part for every objective."""
    numbered = list(enumerate(questions, start=1))
    parts = [
        _part(objective, list(group), is_open=number == 0)
        for number, (objective, group) in enumerate(
            groupby(numbered, key=lambda entry: entry[1].objective)
        )
    ]
    return f'<style>{STYLE}</style>\n<div class="course-quiz">\n{"".join(parts)}</div>'


def _part(objective: str, numbered: list[tuple[int, Question]], is_open: bool) -> str:
    count = "1 question" if len(numbered) == 1 else f"{len(numbered)} questions"
    words = objective.replace("-", " ").replace("_", " ").capitalize()
    heading = f"<h4>{html.escape(words)}: {count}</h4>"
    body = "".join(_question(number, question) for number, question in numbered)
    return (
        f'<details class="part"{" open" if is_open else ""}><summary>{heading}</summary>\n'
        f"{body}</details>\n"
    )


def _question(number: int, question: Question) -> str:
    heading = f"quiz-{html.escape(question.id)}"
    return (
        f'<section aria-labelledby="{heading}">\n'
        f'<h5 id="{heading}">Question {number}</h5>\n'
        f"{block(question.prompt)}"
        f'<p class="ask">{ASKS[question.kind]}</p>\n'
        f"{_ANSWERS[question.kind](question)}"
        f"{_details('To remember', block(question.explanation))}"
        "</section>\n"
    )


def _chosen(question: Question) -> str:
    """An option each: opening it is choosing it."""
    return "".join(
        _details(f"{letter}. {inline(option.text)}", _verdict(option))
        for letter, option in zip("ABCDEFGHIJ", question.options, strict=False)
    )


def _worked_out(question: Question) -> str:
    """One answer to open, with the usual mistakes below it."""
    right = [option for option in question.options if option.right]
    wrong = [option for option in question.options if not option.right]
    width = f" (± {question.tolerance:g})" if question.tolerance else ""
    body = "".join(
        f"<p><strong>{inline(option.text)}{width}</strong></p>{block(option.why)}"
        for option in right
    )
    if wrong:
        items = "".join(
            f"<li><strong>{inline(option.text)}</strong> is not right. {inline(option.why)}</li>"
            for option in wrong
        )
        body += f"<p>If your answer was another one:</p><ul>{items}</ul>"
    return _details("Show the answer", body)


def _ordered(question: Question) -> str:
    """The steps shuffled, then the right order with its reasons."""
    steps = "".join(f"<li>{inline(option.text)}</li>" for option in shuffled(question))
    answer = "".join(
        f"<li><strong>{inline(option.text)}</strong> {inline(option.why)}</li>"
        for option in question.options
    )
    return f"<ul>{steps}</ul>" + _details("Show the order", f"<ol>{answer}</ol>")


def _matched(question: Question) -> str:
    """The partners shuffled, then one entry each to open."""
    partners = "".join(f"<li>{inline(option.match)}</li>" for option in shuffled(question))
    return f"<p>Partners:</p><ul>{partners}</ul>" + "".join(
        _details(
            inline(option.text),
            f"<p><strong>belongs to: {inline(option.match)}</strong></p>{block(option.why)}",
        )
        for option in question.options
    )


_ANSWERS = {
    Kind.CHOICE: _chosen,
    Kind.CHOICES: _chosen,
    Kind.NUMBER: _worked_out,
    Kind.SHAPE: _worked_out,
    Kind.TERM: _worked_out,
    Kind.ORDER: _ordered,
    Kind.MATCH: _matched,
}


def shuffled(question: Question) -> list[Option]:
    """The options in an order that is not the file's, and is always the same."""
    options = list(question.options)
    order = random.Random(question.id)
    while options == list(question.options):
        order.shuffle(options)
    return options


def _verdict(option: Option) -> str:
    mark, word = ("✓", "Right.") if option.right else ("✗", "Not right.")
    said = f'<span aria-hidden="true">{mark}</span> <strong>{word}</strong>'
    return f"<p>{said} {inline(option.why)}</p>"


def _details(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>{body}</details>\n"


def block(text: str) -> str:
    """Markdown with maths as HTML."""
    return str(_markdown(text))


def inline(text: str) -> str:
    """The same for a text of one paragraph, without the paragraph around it."""
    return block(text).strip().removeprefix("<p>").removesuffix("</p>")
