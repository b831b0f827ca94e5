"""How each misconception behaves in the public and hidden checks, worked out once and kept.

Running every misconception takes seconds; the outcomes depend on the course's files alone. They are
kept in `classroom/cache/`, because those of hidden checks must not be where students look.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

import utils
from autograder.paths import Course
from utils.checks import Check, check_files
from utils.outcomes import Fingerprint

Diagnoses = dict[str, list[Fingerprint]]


def known_diagnoses(course: Course, lesson: str, checks: Sequence[Check]) -> Diagnoses:
    """The misconceptions' fingerprints by exercise, from the cache where it is up to date.

    Raises `CourseError` when a misconception cannot be run.
    """
    path = cache_file(course, lesson)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {name: [Fingerprint.from_dict(one) for one in row] for name, row in data.items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    from autograder.builder.feedback import fingerprints

    found = fingerprints(course.solutions / lesson, checks)
    _store(path, {name: [mark.to_dict() for mark in row] for name, row in found.items()})
    # Read back, so that a first run and a later one compare with the same rounded numbers.
    data = json.loads(path.read_text(encoding="utf-8"))
    return {name: [Fingerprint.from_dict(one) for one in row] for name, row in data.items()}


def cache_file(course: Course, lesson: str) -> Path:
    """Where the fingerprints of a lesson as it is now are kept."""
    return course.classroom / "cache" / f"{lesson}-{_key(course, lesson)}.json"


def _key(course: Course, lesson: str) -> str:
    """A digest of everything that the fingerprints depend on."""
    digest = hashlib.sha256(torch.__version__.encode())
    for path in _sources(course, lesson):
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)} ".encode() + data)
    return digest.hexdigest()[:16]


def _sources(course: Course, lesson: str) -> Iterator[Path]:
    yield from sorted((course.solutions / lesson).rglob("*.py"))
    yield from check_files(course.lessons / lesson)
    for module in utils.__path__:
        yield from sorted(Path(module).rglob("*.py"))


def _store(path: Path, data: object) -> None:
    """Write in one step: several workers may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(data), encoding="utf-8")
    os.replace(part, path)
