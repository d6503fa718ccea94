"""What the network and the eye make of recorded frames, as JSON: run on each processor, in a Debian of its own."""

import json
import platform
import sys
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from firmware.expression import MODEL, Network, load_interpreter
from firmware.glance import Glancer
from firmware.settings import Settings

Grey = NDArray[np.uint8]


def bare(frames: list[Grey]) -> list[list[int]]:
    """The network's own eight-bit answers to the middle of each frame, thinned to its side without any arithmetic that
    two processors might round differently."""
    interpreter = load_interpreter(MODEL.read_bytes())
    interpreter.allocate_tensors()
    takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()
    answers = []
    for frame in frames:
        high, wide = frame.shape
        half = round(high * 0.25)
        steps = np.linspace(-half, half - 1, takes["shape"][1]).astype(int)
        square = frame[high // 2 + steps[:, None], wide // 2 + steps].astype(np.int16) - 128
        interpreter.set_tensor(takes["index"], square.astype(np.int8)[None, :, :, None])
        interpreter.invoke()
        answers.append([int(value) for end in gives for value in interpreter.get_tensor(end["index"]).ravel()])
    return answers


def main(folder: Path) -> int:
    network = Network(MODEL)
    frames, glances = [], []
    for scene in sorted(folder.iterdir()):
        glancer = Glancer(Settings(), network)
        for number, picture in enumerate(sorted(scene.iterdir())):
            frame = np.asarray(cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE), np.uint8)
            frames.append(frame)
            glances.append(glancer.judge(frame, float(number)))
    told = {"machine": platform.machine(), "network": network.fingerprint}
    print(json.dumps(told | {"answers": bare(frames), "glances": msgspec.to_builtins(glances)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
