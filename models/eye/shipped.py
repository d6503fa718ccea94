"""The committed file, run as the box runs it: one face at a time, one pass, one thread, in the TFLite runtime."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def runtimes() -> list[str]:
    """The names of the runtimes that are installed here, the box's newest first."""
    found = []
    for name in ("ai_edge_litert", "tflite_runtime"):
        try:
            __import__(f"{name}.interpreter")
        except ImportError:
            continue
        found.append(name)
    return found


def interpreter(path: Path, runtime: str) -> Any:
    """A network ready to run on one thread."""
    module = __import__(f"{runtime}.interpreter", fromlist=["Interpreter"])
    net = module.Interpreter(str(path), num_threads=1)
    net.allocate_tensors()
    return net


class Shipped:
    """expression.tflite in one of the runtimes."""

    def __init__(self, path: Path, runtime: str | None = None) -> None:
        self.runtime = runtime or runtimes()[0]
        self._net = interpreter(path, self.runtime)
        self._in = self._net.get_input_details()[0]
        self._outs = {d["shape"][-1]: d for d in self._net.get_output_details()}
        self.seconds = 0.0  # CPU of the last call to read(), a face

    def read(self, faces: Bytes, floor: float = 4.0, clip: float = 3.0, label: str = "") -> tuple[Floats, Floats]:
        """Logits of both heads for grey faces [n,48,48]."""
        scale, zero = self._in["quantization"]
        first: list[Floats] = []
        second: list[Floats] = []
        spent = 0.0
        for face in tqdm(faces, label, ascii=True, disable=not label, mininterval=2):
            x = face.astype(np.float32)
            x = np.clip((x - x.mean()) / max(float(x.std()), floor), -clip, clip)
            packed = np.clip(np.round(x / scale) + zero, -128, 127).astype(np.int8)
            start = time.process_time()
            self._net.set_tensor(self._in["index"], packed[None, :, :, None])
            self._net.invoke()
            for width, into in ((9, first), (7, second)):
                detail = self._outs[width]
                step, origin = detail["quantization"]
                into.append((self._net.get_tensor(detail["index"])[0].astype(np.float32) - origin) * step)
            spent += time.process_time() - start
        self.seconds = spent / max(len(faces), 1)
        return np.stack(first), np.stack(second)


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    heated = logits / temperature
    powers = np.exp(heated - heated.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)
