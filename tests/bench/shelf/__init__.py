"""Judging the shelf: `python -m tests.bench.shelf DATA`."""
