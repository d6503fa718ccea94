"""The box's own music."""
