"""What an instructor runs: build, lint, sandboxed kernels, judge, grade, report."""
