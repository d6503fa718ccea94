"""The committed network: what the box may rely on, held without any data of others."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import tflite  # type: ignore[import-untyped]  # it ships no types

from models.eye.faces import EXPRESSIONS
from models.eye.lampshade import drawn
from models.eye.shipped import Shipped, runtimes, softmax

MODELS = Path(__file__).parents[2] / "models"
FILE = MODELS / "expression.tflite"
# The highest operator versions that tflite-runtime 2.14 reads, for the operators that the network uses.
READABLE = {"CONV_2D": 3, "ADD": 2, "FULLY_CONNECTED": 4, "DEPTHWISE_CONV_2D": 3}


def operators() -> dict[str, int]:
    model = tflite.Model.GetRootAsModel(FILE.read_bytes(), 0)
    names = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
    graph = model.Subgraphs(0)
    used = (model.OperatorCodes(graph.Operators(i).OpcodeIndex()) for i in range(graph.OperatorsLength()))
    return {names[max(c.BuiltinCode(), c.DeprecatedBuiltinCode())]: c.Version() for c in used}


def test_every_operator_is_one_that_the_oldest_runtime_reads() -> None:
    for name, version in operators().items():
        assert version <= READABLE[name], f"{name} version {version}: tflite-runtime 2.14 would refuse the file"


def test_the_file_is_small_and_whole_bytes_in_and_out() -> None:
    assert FILE.stat().st_size <= 1_000_000
    model = tflite.Model.GetRootAsModel(FILE.read_bytes(), 0)
    graph = model.Subgraphs(0)
    ends = [graph.Inputs(i) for i in range(graph.InputsLength())]
    ends += [graph.Outputs(i) for i in range(graph.OutputsLength())]
    assert {graph.Tensors(i).Type() for i in ends} == {tflite.TensorType.INT8}


def test_the_contract_names_this_very_file() -> None:
    told = json.loads((MODELS / "expression.json").read_text())
    assert told["fingerprint"] == hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]
    assert tuple(told["classes"]) == EXPRESSIONS
    assert np.allclose(np.sum(told["confusion"], axis=1), 1, atol=0.01)
    assert sum(told["fold_contempt"].values()) == pytest.approx(1, abs=0.01)


def test_both_runtimes_read_the_same() -> None:
    pytest.importorskip("tflite_runtime", reason="tflite-runtime has no wheel above Python 3.11")
    faces = np.stack(list(drawn(np.random.default_rng(3), 60)))
    old, _ = Shipped(FILE, "tflite_runtime").read(faces)
    new, _ = Shipped(FILE, "ai_edge_litert").read(faces)
    assert np.abs(softmax(old) - softmax(new)).max() < 0.1
    assert (old.argmax(1) == new.argmax(1)).mean() >= 0.95


@pytest.mark.parametrize("runtime", runtimes())
def test_a_face_in_the_mirror_wears_the_same_expression(runtime: str) -> None:
    """To the last bit of both heads: the shape knows it, nobody had to teach it."""
    crops = np.stack(list(drawn(np.random.default_rng(7), 40)))
    image = np.ascontiguousarray(crops[:, :, ::-1])
    network = Shipped(FILE, runtime)
    for straight, mirrored in zip(network.read(crops), network.read(image), strict=True):
        assert np.array_equal(straight, mirrored)


def test_a_lampshade_has_no_mood() -> None:
    """Blank walls, stripes, words and blobs are refused, nineteen in twenty."""
    told = json.loads((MODELS / "expression.json").read_text())
    crops = np.stack(list(drawn(np.random.default_rng(99), 200)))
    shares = softmax(Shipped(FILE).read(crops)[0], told["temperature"])
    assert (shares[:, 8] > told["refuse_above"]).mean() >= 0.95
