"""A compressed file under the notebook's name: a gigabyte of nothing in one megabyte."""

# ends: not gradable

import gzip


def attack(notebook):
    return gzip.compress(b'{"cells": [' + b"[" * 50_000_000)
