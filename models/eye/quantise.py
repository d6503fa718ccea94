"""Quantise the student to full int8: after training, and in last epochs of training; keep the better.

    python -m models.eye.quantise CACHE RUNS/whole.pt [--epochs N] [--out models]

Batch norms are folded into the convolutions. The network is then run under `Folded`, which rounds weights (per
channel) and activations (per tensor) as the runtime will; the ranges it used are written into the TFLite graph, so
that what was measured here is what ships.
"""

import argparse
import copy
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from models.eye.network import Network, image
from models.eye.spoil import at_random, standard
from models.eye.train import Faces, cross, judge, load

SEED = 21
RATE = 2e-3
BATCH = 128
CALIBRATE = 4096  # faces over which ranges are read
TAIL = 1e-6  # share of activations beyond the range, at either end
CLIP = 3.0  # the input contract's clip
HEADS = ("expression", "original")


class Folded(nn.Module):
    """The network without batch norms, rounding as int8 does when `rounding` is on."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.mirrored = network.mirrored
        self.plan: list[tuple[str, int]] = []  # (name, stride), in order; a block is two entries
        self.weight = nn.ParameterDict()
        self.bias = nn.ParameterDict()
        self.reach: dict[str, tuple[float, float]] = {"in": (-CLIP, CLIP)}
        self.rounding = False
        self.seen: dict[str, list[tuple[float, float]]] | None = None
        for name, layer in network.layers():
            self._keep(name, *layer.folded())
            self.plan.append((name, layer.stride))
        if network.place is not None:
            places = network.places(network.place.shape[-1])
            self._keep("place", places.transpose(0, 1) / places[0, 0].numel(), torch.zeros(places.shape[1]))
        for name in HEADS:
            self._keep(name, *network.head(name))

    def _keep(self, name: str, weight: Tensor, bias: Tensor) -> None:
        self.weight[name] = nn.Parameter(weight.detach().clone())
        self.bias[name] = nn.Parameter(bias.detach().clone())

    def _hold(self, x: Tensor, name: str) -> Tensor:
        """Note the range of these activations, or round them to it."""
        if self.seen is not None:
            flat = x.detach().flatten()
            most = max(1, int(len(flat) * TAIL))
            low = 0.0 if float(flat.min()) >= 0 else float(-torch.topk(-flat, most).values[-1])
            self.seen.setdefault(name, []).append((low, float(torch.topk(flat, most).values[-1])))
        if not self.rounding:
            return x
        low, high = self.reach[name]
        step = (high - low) / 255
        return torch.fake_quantize_per_tensor_affine(x, step, round(-low / step) - 128, -128, 127)

    def _kernel(self, name: str) -> Tensor:
        weight = self.weight[name]
        if not self.rounding:
            return weight
        top = weight.detach().abs().flatten(1).amax(1).clamp(min=1e-6) / 127
        return torch.fake_quantize_per_channel_affine(weight, top, torch.zeros_like(top), 0, -127, 127)

    def _conv(self, x: Tensor, name: str, stride: int = 1) -> Tensor:
        return F.conv2d(x, self._kernel(name), self.bias[name], stride, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self._hold(x, "in")
        at = 0
        while at < len(self.plan):
            name, stride = self.plan[at]
            if name.startswith("first"):
                second = self.plan[at + 1][0]
                inner = self._hold(torch.relu(self._conv(x, name)), name)
                inner = self._hold(self._conv(inner, second), second)
                x = self._hold(torch.relu(x + inner), second + "_sum")
                at += 2
            else:
                x = self._hold(torch.relu(self._conv(x, name, stride)), name)
                at += 1
        if "place" in self.weight:
            x = F.conv2d(x, self._kernel("place"), groups=x.shape[1]).flatten(1)
        else:
            x = x.mean((2, 3))
        x = self._hold(x, "mean")
        logits = (F.linear(x, self._kernel(n), self.bias[n]) for n in HEADS)
        first, second_head = logits
        return self._hold(first, "expression"), self._hold(second_head, "original")

    @torch.no_grad()
    def mend_mirror(self) -> None:
        """Both halves learn; what they learnt apart is brought to their mean, so that they are images again."""
        if not self.mirrored:
            return
        for name, weight in self.weight.items():
            if name in HEADS:
                mean = torch.stack(weight.chunk(2, 1)).mean(0)
                weight.copy_(torch.cat([mean, mean], 1))
                continue
            half, other = weight.chunk(2)
            mean = (half + image(other)) / 2
            weight.copy_(torch.cat([mean, image(mean)]))
            mean = torch.stack(self.bias[name].chunk(2)).mean(0)
            self.bias[name].copy_(torch.cat([mean, mean]))


def calibrate(folded: Folded, faces: Faces) -> None:
    """Read each activation's range over training faces, spoiled as training spoils them."""
    torch.manual_seed(SEED)
    folded.seen, folded.rounding = {}, False
    rows = torch.multinomial(faces.weight, CALIBRATE, replacement=True)
    with torch.inference_mode():
        for part in rows.split(512):
            folded(standard(at_random(faces.pictures[part].float())))
    for name, ranges in folded.seen.items():
        if name != "in":
            low, high = np.mean([r[0] for r in ranges]), np.mean([r[1] for r in ranges])
            folded.reach[name] = (float(min(low, 0.0)), float(max(high, 1e-3)))
    folded.seen, folded.rounding = None, True


def polish(folded: Folded, parent: Network, faces: Faces, epochs: int) -> None:
    """Last epochs under int8's rounding: follow the float parent and the votes."""
    torch.manual_seed(SEED)
    parent.eval()
    steps = int((faces.votes[:, 8] < 0.5).sum()) // BATCH
    optimizer = torch.optim.SGD(folded.parameters(), lr=RATE, momentum=0.9)
    for epoch in range(epochs):
        drawn = torch.multinomial(faces.weight, steps * BATCH, replacement=True).view(steps, BATCH)
        for step in tqdm(range(steps), f"int8 {epoch + 1}/{epochs}", ascii=True, mininterval=5):
            done = (epoch + step / steps) / epochs
            optimizer.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * done))
            rows = drawn[step]
            pictures = standard(at_random(faces.pictures[rows].float()))
            with torch.inference_mode():
                told, told_original = (F.softmax(t, 1) for t in parent(pictures))
            first, second = folded(pictures)
            loss = 0.3 * cross(first, faces.votes[rows]) + 0.7 * cross(first, told.clone())
            loss = loss + 0.1 * cross(second, told_original.clone())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
            torch.nn.utils.clip_grad_norm_(folded.parameters(), 1.0)
            optimizer.step()
            folded.mend_mirror()


def write(folded: Folded, out: Path) -> None:
    """The same arithmetic as a TFLite graph, with the ranges measured above."""
    import tensorflow as tf  # here, since training itself does without it

    def hold(x: "tf.Tensor", name: str) -> "tf.Tensor":
        low, high = folded.reach[name]
        return tf.quantization.fake_quant_with_min_max_args(x, low, high, 8)

    weights = {n: w.detach().numpy() for n, w in folded.weight.items()}
    biases = {n: b.detach().numpy() for n, b in folded.bias.items()}

    def conv(x: "tf.Tensor", name: str, stride: int = 1) -> "tf.Tensor":
        kernel = tf.constant(np.ascontiguousarray(weights[name].transpose(2, 3, 1, 0)))
        if stride == 1:
            y = tf.nn.conv2d(x, kernel, 1, "SAME")
        else:  # TFLite's SAME pads an even side on the far edge alone; training padded both
            y = tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), kernel, stride, "VALID")
        return tf.nn.bias_add(y, biases[name])

    @tf.function(input_signature=[tf.TensorSpec([1, 48, 48, 1], tf.float32, name="face")])  # type: ignore[untyped-decorator]  # TensorFlow ships no types for it
    def graph(face: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        x = hold(face, "in")
        at = 0
        while at < len(folded.plan):
            name, stride = folded.plan[at]
            if name.startswith("first"):
                second = folded.plan[at + 1][0]
                inner = hold(tf.nn.relu(conv(x, name)), name)
                inner = hold(conv(inner, second), second)
                x = hold(tf.nn.relu(x + inner), second + "_sum")
                at += 2
            else:
                x = hold(tf.nn.relu(conv(x, name, stride)), name)
                at += 1
        if "place" in weights:
            kernel = tf.constant(np.ascontiguousarray(weights["place"].transpose(2, 3, 0, 1)))
            x = tf.reshape(tf.nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], "VALID"), [1, -1])
        else:
            x = tf.reduce_mean(x, [1, 2])
        x = hold(x, "mean")
        return {n: hold(tf.matmul(x, weights[n].T) + biases[n], n) for n in HEADS}

    module = tf.Module()
    module.graph = graph
    converter = tf.lite.TFLiteConverter.from_concrete_functions([graph.get_concrete_function()], module)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    out.write_bytes(converter.convert())


def alike(folded: Folded, parent: Network, faces: Faces) -> float:
    """The share of faces that both read as the same expression."""
    same = []
    with torch.inference_mode():
        for part in torch.nonzero(faces.votes[:, 8] < 0.5).flatten().split(512):
            seen = standard(faces.pictures[part].float())
            first, second = (net(seen)[0][:, :8].argmax(1) for net in (folded, parent))
            same.append(first == second)
    return round(float(torch.cat(same).float().mean()), 4)


def quantise(cache: Path, student: Path, epochs: int, out: Path) -> None:
    device = torch.device("cpu")
    faces, valid = load(cache, ("train",), device), load(cache, ("valid",), device)
    saved = torch.load(student, map_location=device, weights_only=True)
    parent = Network(saved["shape"])
    parent.load_state_dict(saved.get("weights") or saved["average"])
    parent.eval()
    print("float parent", judge(parent, valid))
    plain = Folded(parent)
    calibrate(plain, faces)
    scores = judge(plain, valid)
    print("quantised after training", scores, "as its parent", alike(plain, parent, valid))
    kept = plain
    if epochs:
        trained = copy.deepcopy(plain)
        polish(trained, parent, faces, epochs)
        after = judge(trained, valid)
        print("quantised in training", after, "as its parent", alike(trained, parent, valid))
        if after["accuracy"] + after["f1"] > scores["accuracy"] + scores["f1"]:
            kept = trained
    write(kept, out / "expression.tflite")
    print(f"{out / 'expression.tflite'}: {(out / 'expression.tflite').stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("student", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("models"))
    given = parser.parse_args()
    quantise(given.cache, given.student, given.epochs, given.out)
