"""How much of everything a lesson must have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Standard:
    """The numbers that the linter asks for; a tiny course in a test asks for less."""

    questions: int = 20
    misconceptions: int = 4
    alternatives: int = 2
    public_checks: int = 1
    hidden_checks: int = 1
    essays: int = 1
    model_answers: int = 3
    feedback_kb: int = 200
    file_kb: int = 400
    code_lines: int = 450  # of one file of checks or misconceptions
