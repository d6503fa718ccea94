"""`python -m install.chime`: three soft notes as a WAV on standard output, to hear whether a sound card is the one."""

import array
import math
import sys
import wave

RATE = 44100
NOTES = (523.25, 659.25, 783.99)  # C, E, G
LENGTH = 0.35  # seconds from one note to the next
LOUD = 0.12  # of full scale: somebody may have the amplifier turned up


def samples() -> array.array[int]:
    """Each note rings on under those that follow it."""
    total = int(RATE * (LENGTH * len(NOTES) + 1.0))
    sound = [0.0] * total
    for number, pitch in enumerate(NOTES):
        start = int(number * LENGTH * RATE)
        for index in range(start, total):
            since = (index - start) / RATE
            sound[index] += math.sin(math.tau * pitch * since) * math.exp(-4.0 * since) * min(1.0, since * 200)
    return array.array("h", [int(LOUD / 2 * 32767 * value) for value in sound for _ in (0, 1)])


if __name__ == "__main__":
    with wave.open(sys.stdout.buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples().tobytes())
