"""Nets that the lessons work with, and what a check does to a student's own.

`blueprint` counts a net on paper, `known` fills one with known numbers; `small` has nets for a
pencil, `historic` and `small_historic` those of lesson 05, `transfer` one that has learned already.

Of lesson 06: `transformer` has the blocks of attention that `translator`, `masked_pictures` and
`picture_words` are made of; `steps` has what a check asks of writing token by token.
"""
