"""The small int8 network: three seconds of mel bands in, a short embedding out. The TFLite runtime is chosen here."""

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from appliance.library.spectrum import Floats, heard

MODEL = Path(__file__).resolve().parents[2] / "models" / "ear.tflite"


class Deaf(ValueError):
    """The network cannot be used, and why; the plain features do without it."""


class Network:
    """Loaded once. Not for two threads at a time."""

    def __init__(self, file: Path = MODEL, wanted: str = "") -> None:
        """`wanted`: the fingerprint that it must have. A file that was cut short would crash the runtime, not raise."""
        try:
            model = file.read_bytes()
        except OSError as error:
            raise Deaf(f"{file}: cannot be read ({error.strerror})") from error
        if model[4:8] != b"TFL3":
            raise Deaf(f"{file}: is no TFLite file")  # the runtime would crash on it
        self.fingerprint = hashlib.sha256(model).hexdigest()[:16]
        if wanted and self.fingerprint != wanted:
            raise Deaf(f"{file}: is damaged, or not the network that ear.npz was made with; restore models/")
        try:
            self._interpreter = _interpreter(model)
            self._interpreter.allocate_tensors()
        except ImportError as error:
            raise Deaf(f"the TFLite runtime is not installed ({error})") from error
        except (ValueError, RuntimeError) as error:
            raise Deaf(f"{file}: the TFLite runtime cannot run it ({error})") from error
        (self._input,), (self._output,) = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        for end in (self._input, self._output):
            if end["dtype"] != np.int8 or not end["quantization"][0] > 0:
                raise Deaf(f"{file}: an end of it is not int8")

    def listen(self, bands: Floats) -> Floats:
        """The embedding of each patch, from its mel power [patches, frames, bands]."""
        scale, zero = self._input["quantization"]
        whole = np.clip(np.round(heard(bands) / scale + zero), -128, 127).astype(np.int8)
        return np.stack([self._ask(patch) for patch in whole])

    def _ask(self, patch: Any) -> Floats:
        self._interpreter.set_tensor(self._input["index"], patch.reshape(self._input["shape"]))
        self._interpreter.invoke()
        scale, zero = self._output["quantization"]
        told = self._interpreter.get_tensor(self._output["index"]).ravel().astype(np.float32)
        return np.asarray((told - zero) * scale, np.float32)


def _interpreter(model: bytes) -> Any:
    if sys.version_info < (3, 12):
        from tflite_runtime.interpreter import Interpreter
    else:
        from ai_edge_litert.interpreter import Interpreter
    return Interpreter(model_content=model, num_threads=1)
