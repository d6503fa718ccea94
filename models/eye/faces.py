"""What a face is to the network: its side in pixels, and the names of its answers, in order."""

SIDE = 48
EXPRESSIONS = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "not-a-face")
ORIGINAL = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
