"""`make bench`: what the grader costs, beside others and beside the least that is possible.

`python -m tests.bench` measures everything in one run and writes BENCHMARKS.md;
`python -m tests.bench grading floor` measures these parts and prints them. `--quick` takes tiny
sizes, to see that everything works. Ratios are what to trust: both sides of each are measured in
turn on the same machine.
"""
