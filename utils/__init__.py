"""What a lesson's notebook imports: data, plots, widgets, checks, hints and quizzes."""

from utils.notebook import check, hint, idea, start
from utils.quiz_page import quiz

__all__ = ["check", "hint", "idea", "quiz", "start"]
