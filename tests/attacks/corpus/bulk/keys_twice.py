"""JSON that says everything twice: the first reader sees other cells than the second."""

import nbformat


def attack(notebook):
    text = nbformat.writes(notebook)
    start = text.index("{") + 1
    return (text[:start] + '"cells": [], "nbformat": 3,' + text[start:]).encode()
