"""An elder out of a committed file: a float network that says what its int8 does, for a next student to learn from.

    python -m models.eye.recover models/expression.tflite RUNS/elder.pt

So no edition is lost with the machine that trained it; older ones stand in the project's history. It cannot be trained
further as it is, for its norms do nothing: `thaw.py` mends that.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ai_edge_litert.interpreter import Interpreter
from torch import Tensor, nn

from models.eye.network import EPSILON, SHAPES, Network


def recover(file: Path) -> dict[str, Any]:
    """As `train.py` saves one. Layers are found by the names that `quantise.py`'s graph gives them, in the order of its
    convolutions."""
    interpreter = Interpreter(str(file))
    interpreter.allocate_tensors()
    held = {told["name"]: told for told in interpreter.get_tensor_details()}

    def plain(told: dict[str, Any]) -> Tensor:
        whole = interpreter.get_tensor(told["index"]).astype(np.float32)
        rounding, along = told["quantization_parameters"], [1] * whole.ndim
        along[rounding["quantized_dimension"]] = -1
        return torch.from_numpy(whole * rounding["scales"].reshape(along))

    def bias(number: int) -> Tensor:
        end = f";BiasAdd_{number}/bias" if number else ";BiasAdd/bias"
        return plain(next(told for name, told in held.items() if name.endswith(end)))

    names = ["Conv2D", *(f"Conv2D_{number}" for number in range(1, len(held)))]
    kernels = [plain(held[name]).permute(0, 3, 1, 2).contiguous() for name in names if name in held]
    shape = fitting(kernels)
    network = Network(shape)
    for number, (kernel, (_, layer)) in enumerate(zip(kernels, network.layers(), strict=True)):
        learnt = len(layer.weight)  # the rest, where there is one, is its image in the mirror
        layer.weight.data = kernel[:learnt]
        layer.shift.data = bias(number)[:learnt]
        layer.spread.fill_(1 - EPSILON)
    if network.place is not None:
        places = plain(held["depthwise"]).permute(0, 3, 1, 2)
        network.place.data = places[:, : network.place.shape[1]] * places[0, 0].numel() - 1
    for name, product in (("expression", "MatMul"), ("original", "MatMul_1")):
        head = network.get_submodule(name)
        assert isinstance(head, nn.Linear)
        weight = plain(held[product])
        head.weight.data = weight.view(len(weight), -1, head.in_features).sum(1)
        (sums,) = (
            told for key, told in held.items() if key.startswith("add_") and list(told["shape"]) == [len(head.bias)]
        )
        head.bias.data = plain(sums)
    return {"shape": shape, "weights": network.state_dict()}


def fitting(kernels: list[Tensor]) -> str:
    """The shape whose kernels these are."""
    sizes = [kernel.shape for kernel in kernels]
    for name in SHAPES:
        if [layer.kernel().shape for _, layer in Network(name).layers()] == sizes:
            return name
    raise ValueError(f"no shape has kernels of these sizes: {sizes}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(recover(given.file), given.out)
