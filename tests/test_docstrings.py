"""Examples in docstrings say what really comes out."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest
import torch

import autograder
import utils

MODULES = [
    module.name
    for package in (utils, autograder)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith(("__main__", "warm_parent"))  # they begin when they are imported
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    """Every example of a module that is written as a session gives what stands below it."""
    module = importlib.import_module(name)
    found = doctest.testmod(module, extraglobs={"torch": torch}, optionflags=doctest.ELLIPSIS)
    assert found.failed == 0
