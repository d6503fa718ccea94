"""What the eye makes of recorded frames, as JSON: run on each processor, in a Debian of its own."""

import json
import platform
import sys
from pathlib import Path

import cv2
import msgspec
import numpy as np

from firmware.expression import MODEL, Network
from firmware.glance import Glancer
from firmware.settings import Settings


def main(folder: Path) -> int:
    network = Network(MODEL)
    glances = []
    for scene in sorted(folder.iterdir()):
        glancer = Glancer(Settings(), network)
        for number, picture in enumerate(sorted(scene.iterdir())):
            frame = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
            glances.append(glancer.judge(np.asarray(frame, np.uint8), float(number)))
    print(json.dumps({"machine": platform.machine(), "glances": msgspec.to_builtins(glances)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
