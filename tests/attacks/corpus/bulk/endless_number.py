"""A number of forty million digits where a version belongs."""

# ends: not gradable


def attack(notebook):
    return b'{"nbformat": ' + b"4" * 40_000_000 + b', "cells": []}'
