"""The sources of frames, each imported only when used."""
