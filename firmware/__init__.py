"""The half that sees: camera, lamps, button. It has no network."""
