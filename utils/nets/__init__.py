"""Nets that the lessons work with, and what a check does to a student's own.

`blueprint` counts a net on paper, `known` fills one with known numbers; `small` has nets for a
pencil, `historic` and `small_historic` those of lesson 05, `transfer` one that has learned already.
"""
