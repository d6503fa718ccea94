"""In place of the library by which picamera2 shows pictures on a screen of its own. The box has none."""

from unittest.mock import MagicMock

PixelFormat = MagicMock()
"""picamera2 asks it for the names of colours when it is imported, and never again."""
