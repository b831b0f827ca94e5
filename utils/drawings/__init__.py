"""Drawings that explain an idea: for each lesson a module of functions that return a figure."""
