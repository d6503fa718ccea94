"""The tests; they mirror the two halves."""
