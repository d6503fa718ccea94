"""An edition out of its committed file, so that it can go on learning.

    python -m models.eye.thaw CACHE models/expression.tflite RUNS/thawed.pt

`recover.py` gives a network that says what the file says, but whose norms do nothing. Here they do again what they did
in training: each layer's answers over training faces are measured, and its kernel, gain and shift are set so that it
says the same and its norm has something to hold. Learning begins with the rate's warmth, from there.
"""

import argparse
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.eye.network import EPSILON, Layer, Network
from models.eye.recover import recover
from models.eye.spoil import at_random, standard
from models.eye.train import Faces, load

SEED = 22
MEASURED = 2048  # faces over which each layer's answers are measured
LENGTH = 0.5  # of a kernel, beside that of one drawn anew: layers end a course at .2 to .8 of it, the first at 2.4
LEAST = 1e-8  # variance of a channel that says nothing


class Meter:
    """Mean and variance of what a layer's convolution says in each channel that it learns, with its image's where
    there is one."""

    def __init__(self, layer: Layer) -> None:
        self.count, self.sum, self.squares = 0, torch.zeros(()), torch.zeros(())
        self._hook = layer.register_forward_hook(self._note)

    def _note(self, layer: Layer, given: tuple[Tensor, ...], _: Tensor) -> None:
        learnt = len(layer.weight)
        said = F.conv2d(given[0], layer.kernel(), None, layer.stride, 1).double()
        said = said.view(len(said), -1, learnt, *said.shape[2:])
        self.count += said.numel() // learnt
        self.sum = self.sum + said.sum((0, 1, 3, 4))
        self.squares = self.squares + said.square().sum((0, 1, 3, 4))

    def read(self) -> tuple[Tensor, Tensor]:
        self._hook.remove()
        mean = self.sum / self.count
        return mean, (self.squares / self.count - mean.square()).clamp(min=LEAST)


def loosen(layer: Layer, mean: Tensor, variance: Tensor) -> None:
    """The same answers from a kernel of a fresh one's length, or so, and a norm that undoes it."""
    learnt = layer.weight.detach().double()
    fresh = (2 * learnt[0].numel() / (len(layer.mean) * learnt[0, 0].numel())) ** 0.5
    longer = LENGTH * fresh / learnt.flatten(1).norm(dim=1).clamp(min=LEAST)
    layer.weight.data = (learnt * longer.view(-1, 1, 1, 1)).float()
    layer.gain.data = (variance + EPSILON / longer.square()).sqrt().float()
    layer.shift.data = (layer.shift.detach().double() + mean).float()
    halves = len(layer.mean) // len(learnt)
    layer.mean.copy_((mean * longer).repeat(halves))
    layer.spread.copy_((variance * longer.square()).repeat(halves))


def thaw(file: Path, faces: Faces) -> dict[str, Any]:
    """As `train.py` saves one."""
    saved = recover(file)
    network = Network(saved["shape"])
    network.load_state_dict(saved["weights"])
    network.eval()
    torch.manual_seed(SEED)
    rows = torch.multinomial(faces.weight, MEASURED, replacement=True)
    views = [standard(at_random(faces.pictures[part].float())) for part in rows.split(256)]
    layers = [layer for _, layer in network.layers()]
    with torch.inference_mode():
        meters = [Meter(layer) for layer in layers]
        before = answers(network, views)
        for layer, meter in zip(layers, meters, strict=True):
            loosen(layer, *meter.read())
        apart = float((answers(network, views) - before).abs().max())
    print(f"{file}: its answers, thawed, differ by {apart:.1e} at most")
    return {"shape": saved["shape"], "weights": network.state_dict()}


def answers(network: nn.Module, views: list[Tensor]) -> Tensor:
    return torch.cat([network(view)[0] for view in views])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(thaw(given.file, load(given.cache, ("train", "valid"), torch.device("cpu"))), given.out)
