"""From a face to seven scores: the int8 network, run exactly as its contract says it was trained.

The contract lies beside the network (`expression.json` by `expression.tflite`). Whatever is amiss with either stops
this half with a ModelError that says the fix; a network that is half right would read faces half right.
"""

import hashlib
import sys
from pathlib import Path
from typing import Annotated, Any

import cv2
import msgspec
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from firmware.wire import EXPRESSIONS

Grey = NDArray[np.uint8]
Scores = tuple[float, ...]
MODEL = Path(__file__).resolve().parent.parent / "models" / "expression.tflite"
MEND = "restore models/ from the release that this code is of"
CLASSES = (*EXPRESSIONS, "contempt", "not-a-face")
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
SHARP = 48  # pixels a side at which sharpness is measured: the wire's, not the network's


class ModelError(ValueError):
    """The network or its contract cannot be used; the message says why and what mends it."""


class Contract(Struct, frozen=True, forbid_unknown_fields=True):
    """What the network was trained on and what its outputs mean."""

    version: int
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    side: Annotated[int, Meta(ge=16, le=256)]
    margin: Annotated[float, Meta(ge=-0.4, le=1.0)]
    deviation_floor: Annotated[float, Meta(gt=0.0)]
    clip: Annotated[float, Meta(gt=0.0)]
    classes: tuple[str, ...]
    temperature: Annotated[float, Meta(gt=0.0)]
    refuse_above: Share
    fold_contempt: dict[str, Share]
    confusion: tuple[tuple[Annotated[float, Meta(ge=0.0)], ...], ...]


def load_interpreter(model: bytes) -> Any:
    """The one place where the TFLite runtime is chosen. It crashes on what is no model, so that is asked first."""
    if model[4:8] != b"TFL3":
        raise ValueError("it is no TFLite file")
    if sys.version_info < (3, 12):
        from tflite_runtime.interpreter import Interpreter
    else:
        from ai_edge_litert.interpreter import Interpreter
    return Interpreter(model_content=model, num_threads=1)


def read_contract(file: Path, model: bytes) -> Contract:
    """The contract in `file`, found to fit `model`."""
    try:
        contract = msgspec.json.decode(file.read_bytes(), type=Contract)
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror}); it belongs beside the network: {MEND}") from error
    except msgspec.DecodeError as error:
        raise ModelError(f"{file}: is no contract of a network ({error}): {MEND}") from error
    if contract.version != 1:
        raise ModelError(f"{file}: a contract of version {contract.version}; this code knows 1: upgrade it")
    mark = hashlib.sha256(model).hexdigest()[:16]
    if mark != contract.fingerprint:
        raise ModelError(f"{file} is for network {contract.fingerprint}, but the one beside it is {mark}: {MEND}")
    if contract.classes != CLASSES:
        raise ModelError(f"{file}: classes {contract.classes}, but this code reads {CLASSES}")
    rows = len(EXPRESSIONS)
    if len(contract.confusion) != rows or any(len(row) != rows for row in contract.confusion):
        raise ModelError(f"{file}: confusion must be {rows} rows of {rows}")
    if not set(contract.fold_contempt) <= set(EXPRESSIONS) or abs(sum(contract.fold_contempt.values()) - 1) > 1e-6:
        raise ModelError(f"{file}: fold_contempt must share 1 among the seven expressions")
    return contract


class Network:
    """One network, loaded once. Not for two threads at a time."""

    def __init__(self, file: Path = MODEL) -> None:
        try:
            model = file.read_bytes()
        except OSError as error:
            raise ModelError(f"{file}: cannot be read ({error.strerror}): {MEND}") from error
        self.contract = read_contract(file.with_suffix(".json"), model)
        try:
            self._interpreter = load_interpreter(model)
            self._interpreter.allocate_tensors()
        except ImportError as error:
            raise ModelError(f"the TFLite runtime is not installed ({error}): run setup.sh again") from error
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{file}: the TFLite runtime cannot run it ({error}): {MEND}") from error
        self._input, self._output = self._ends(file)

    def _ends(self, file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        inputs, outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        shape = [1, self.contract.side, self.contract.side, 1]
        if len(inputs) != 1 or list(inputs[0]["shape"]) != shape or inputs[0]["dtype"] != np.int8:
            raise ModelError(f"{file}: takes {[list(i['shape']) for i in inputs]}, not one int8 {shape}: {MEND}")
        logits = [o for o in outputs if list(o["shape"]) == [1, len(CLASSES)] and o["dtype"] == np.int8]
        if len(logits) != 1:
            raise ModelError(
                f"{file}: gives {[list(o['shape']) for o in outputs]}, no int8 [1, {len(CLASSES)}]: {MEND}"
            )
        for end in (inputs[0], logits[0]):
            if not end["quantization"][0] > 0:
                raise ModelError(f"{file}: an end of it has no scale, so it is not fully int8: {MEND}")
        return inputs[0], logits[0]

    @property
    def fingerprint(self) -> str:
        return self.contract.fingerprint

    def read(self, face: Grey) -> Scores | None:
        """Seven scores that sum to one, in the wire's order, for a crop as `crop` cuts it; None where it is no face."""
        scores, none = self.weigh(face)
        return scores if none <= self.contract.refuse_above else None

    def weigh(self, face: Grey) -> tuple[Scores, float]:
        """The seven scores, whatever it is, and the network's belief that it is no face."""
        scale, zero = self._input["quantization"]
        whole = np.round(self._normal(face) / scale + zero)
        self._interpreter.set_tensor(self._input["index"], np.clip(whole, -128, 127).astype(np.int8)[None, :, :, None])
        self._interpreter.invoke()
        scale, zero = self._output["quantization"]
        told = self._interpreter.get_tensor(self._output["index"])[0].astype(np.float64)
        return self._weighed((told - zero) * scale)

    def _normal(self, face: Grey) -> NDArray[np.float32]:
        grey = face.astype(np.float32)
        spread = max(float(grey.std()), self.contract.deviation_floor)
        x = (grey - grey.mean()) / spread
        return np.asarray(np.clip(x, -self.contract.clip, self.contract.clip), np.float32)

    def _weighed(self, logits: NDArray[np.float64]) -> tuple[Scores, float]:
        powers = np.exp((logits - logits.max()) / self.contract.temperature)
        shares = powers / powers.sum()
        eight = powers[:-1] / powers[:-1].sum()
        seven = eight[: len(EXPRESSIONS)].copy()
        for name, share in self.contract.fold_contempt.items():
            seven[EXPRESSIONS.index(name)] += eight[len(EXPRESSIONS)] * share
        return tuple(float(s) for s in seven / seven.sum()), float(shares[-1])


def crop(frame: Grey, x: float, y: float, width: float, contract: Contract) -> Grey:
    """The square around a face's centre (x, y), in pixels, as the network was trained on; the border is replicated."""
    side = max(2, round(width * (1 + 2 * contract.margin)))
    left, top = round(x - side / 2), round(y - side / 2)
    columns = np.clip(np.arange(left, left + side), 0, frame.shape[1] - 1)
    rows = np.clip(np.arange(top, top + side), 0, frame.shape[0] - 1)
    square = frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if square.shape != (side, side):
        square = frame[rows[:, None], columns]
    size = (contract.side, contract.side)
    shrinks = side >= contract.side
    return np.asarray(cv2.resize(square, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8)


def sharpness(face: Grey) -> float:
    """How much fine detail a crop holds, 0 to 1, whatever its size: a smear is near 0, a drawn edge near 1."""
    one_size = cv2.resize(face, (SHARP, SHARP), interpolation=cv2.INTER_AREA)
    detail = float(cv2.Laplacian(one_size, cv2.CV_32F).std())
    return detail / (detail + 20.0)
