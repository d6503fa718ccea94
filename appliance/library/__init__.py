"""What there is to play, and where each song lies on the plane."""
