"""The quiz as a page: well formed, complete, readable without colours, and each lesson's on it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.quizzes.answers import LESSONS, questions_of
from utils.quiz import Kind, Question
from utils.quiz_page import quiz, quiz_html, shuffled

LESSON = next(folder for folder in LESSONS if folder.name == "01_convolution")


@pytest.fixture(scope="module", params=LESSONS, ids=lambda folder: folder.name)
def questions(request) -> dict[str, Question]:
    """The questions of every lesson in turn, by their id."""
    return questions_of(request.param)


@pytest.fixture(scope="module")
def known() -> dict[str, Question]:
    """The questions of lesson 01 by their id."""
    return questions_of(LESSON)


class Outline(HTMLParser):
    """Collects the tags that are open and the ids, and notices what does not fit."""

    VOID = ("br", "img", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.ids += [value for key, value in attrs if key == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_is_well_formed(questions):
    """Every tag is closed, ids are unique, and each question is a section with its heading."""
    outline = Outline()
    outline.feed(quiz_html(list(questions.values())))
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids)) == outline.counts["section"] == len(questions)


def test_every_option_and_reason_is_on_the_page(questions):
    """Prompt, options and reasons of every question can be read without a kernel."""
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", quiz_html(list(questions.values()))))
    for question in questions.values():
        for option in question.options:
            for text in (option.text, option.match, option.why):
                start = re.split(r"[`*$&<>'\"]", text)[0].strip()
                assert start in page, (question.id, text)


def test_right_and_wrong_are_said_in_words(known):
    """Whoever cannot see colours or symbols reads "Right" and "Not right"."""
    page = quiz_html([known["shuffled-pixels"]])
    assert page.count("<strong>Right.</strong>") == 1
    assert page.count("<strong>Not right.</strong>") == 3
    assert page.count('<span aria-hidden="true">') == 4


def test_maths_reaches_the_page_untouched(known):
    """Markdown leaves what stands between dollars alone."""
    page = quiz_html(list(known.values()))
    assert r"\(\int f(\tau)\,g(t-\tau)\,d\tau\)" in page
    assert r"\(\begin{pmatrix}1&amp;2\\0&amp;-1\end{pmatrix}" in page.replace("K=", "")


def test_no_dollar_is_left_over(questions):
    """All maths of a lesson's quiz is closed and recognised."""
    assert "$" not in quiz_html(list(questions.values()))


def test_markup_in_a_question_is_shown_not_run(known):
    """HTML in a quiz file appears as text."""
    question = replace(known["shuffled-pixels"], prompt="<script>alert(1)</script>")
    page = quiz_html([question])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_steps_and_partners_are_shuffled_the_same_way_each_time(questions):
    """Order and match never show the answer's own order, and never change between two runs."""
    for question in questions.values():
        if question.kind in {Kind.ORDER, Kind.MATCH}:
            assert shuffled(question) == shuffled(question)
            assert shuffled(question) != list(question.options)


def test_quiz_shows_the_lessons_questions(monkeypatch):
    """quiz() displays one HTML page of the folder's file."""
    shown = []
    monkeypatch.setattr("utils.quiz_page.display", shown.append)
    quiz(folder=LESSON)
    (page,) = shown
    assert "shuffled-pixels" in page.data
