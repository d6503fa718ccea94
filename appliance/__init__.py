"""The half that speaks: MPD, the page, the home. It has no camera and no pins."""
