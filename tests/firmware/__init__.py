"""Promises of the half that sees."""
