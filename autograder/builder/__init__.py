"""From `solutions/NN_topic/` to `lessons/NN_topic/`: read, check, render, release.

`problems` is how a mistake is reported, `source` reads a `lesson.py` into cells,
`rules` says which cells belong together, `notebook` turns cells into nbgrader's source notebook,
`feedback` writes what the notebook needs to answer a student, `release` runs nbgrader and
puts the result in place.
"""
