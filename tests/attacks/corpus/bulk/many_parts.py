"""JSON that takes thirty times its size in memory: forty megabytes of empty lists."""

# ends: not gradable


def attack(notebook):
    return b'{"nbformat": 4, "cells": [], "metadata": [' + b"[]," * 13_000_000 + b"[]]}"
