"""The `fer` package's own pipeline, as its authors publish it, in the runtime that is here.

    python -m tests.bench.peer FOLDER

FOLDER is where the package lies unpacked (`pip install --no-deps --target FOLDER fer==25.10.3`). Its code is run as it
is: Haar (1.1, 5, from 50 pixels), crop, quantised network. Of the modules that it names, four are stood in for, none of
which works on a frame: TensorFlow (whose TFLite interpreter is the one installed here), Keras, pkg_resources, requests.
So its times are fair; its memory and its start are shown without TensorFlow, which a user of it would have to load.
"""

import importlib
import json
import resource
import sys
import time
import types
from pathlib import Path
from typing import Any

BEGUN = time.monotonic()

import cv2  # noqa: E402  # the clock above starts before what must be loaded

Box = tuple[int, int, int, int]


class PeerMissing(ImportError):
    """The package is not in this folder."""


class Peer:
    """Frames in, boxes and scores out."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "fer" / "fer.py").is_file():
            raise PeerMissing(f"no fer package in {folder}: pip install --no-deps --target {folder} fer==25.10.3")
        _stand_in(folder)
        sys.path.insert(0, str(folder))
        try:
            self._pipeline = importlib.import_module("fer.fer").FER()
        finally:
            sys.path.remove(str(folder))

    def look(self, frame: Any) -> list[Box]:
        """The boxes of the faces that it read."""
        told = self._pipeline.detect_emotions(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
        boxes = ((int(side) for side in face["box"]) for face in told)
        return [(x, y, wide, high) for x, y, wide, high in boxes]


def _stand_in(folder: Path) -> None:
    def module(name: str, **holds: object) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__dict__.update(holds)
        return sys.modules.setdefault(name, made)

    if sys.version_info < (3, 12):
        from tflite_runtime.interpreter import Interpreter
    else:
        from ai_edge_litert.interpreter import Interpreter

    models = module("tensorflow.keras.models", load_model=None)
    keras = module("tensorflow.keras", models=models)
    lite = types.SimpleNamespace(Interpreter=lambda model_path: Interpreter(model_path, num_threads=1))
    module("tensorflow", lite=lite, keras=keras)
    module("pkg_resources", resource_filename=lambda package, name: str(folder / package / name))
    module("requests")
    pictures = module("PIL.Image")
    module("PIL", Image=pictures)


def main(words: list[str]) -> int:
    cv2.setNumThreads(1)
    peer = Peer(Path(words[0]))
    from tests.bench.eye_costs import drawn

    peer.look(drawn((640, 480), 1, 1)[0])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": time.monotonic() - BEGUN, "memory_mb": most}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
