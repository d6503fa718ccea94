"""Quantise: the trained network as full int8, and how far it then is from what it was.

    python -m models.ear.quantise CACHE RUNS [--name ear] [--out models/ear.tflite]

Batch norms are folded into the convolutions; the ranges are read from patches of music as the box hears them.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf
import torch
from numpy.typing import NDArray

from appliance.library.spectrum import BANDS
from models.ear.network import FRAMES, PLAN, Network
from models.ear.train import load

CALIBRATE = 400  # patches over which ranges are read
JUDGED = 200
SEED = 21


class Folded:
    """Each convolution's weights, [height, width, in, out], and biases, without batch norms."""

    def __init__(self, network: Network) -> None:
        self.weight: dict[str, NDArray[np.float32]] = {}
        self.bias: dict[str, NDArray[np.float32]] = {}
        for name, conv in network.convs.items():
            norm = network.norms[name]
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            kernel = (conv.weight * gain.view(-1, 1, 1, 1)).detach().numpy()
            self.weight[name] = np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))
            self.bias[name] = (norm.bias - norm.running_mean * gain).detach().numpy()
        self.weight["last"] = network.last.weight.detach().numpy().T
        self.bias["last"] = network.last.bias.detach().numpy()


def graph(folded: Folded) -> "tf.Module":
    def conv(x: "tf.Tensor", name: str, stride: int, added: bool, wide: int = 1) -> "tf.Tensor":
        # TFLite's SAME pads an even side on the far edge alone; training padded both.
        y = tf.pad(x, [[0, 0], [1, 1], [wide, wide], [0, 0]])
        y = tf.nn.bias_add(tf.nn.conv2d(y, folded.weight[name], stride, "VALID"), folded.bias[name])
        return tf.nn.relu(x + y if added else y)

    @tf.function(input_signature=[tf.TensorSpec([1, FRAMES, BANDS, 1], tf.float32, name="bands")])  # type: ignore[untyped-decorator]  # TensorFlow ships no types for it
    def listen(bands: "tf.Tensor") -> "tf.Tensor":
        x = bands
        for name, _, stride, added in PLAN:
            x = conv(x, name, stride, added)
        x = conv(x, "all_bands", 1, False, wide=0)
        x = conv(x, "time", 1, True, wide=0)
        both = tf.concat([tf.reduce_mean(x, [1, 2]), tf.reduce_max(x, [1, 2])], 1)
        return tf.matmul(both, folded.weight["last"]) + folded.bias["last"]

    module = tf.Module()
    module.listen = listen
    return module


def write(network: Network, bands: NDArray[np.float16], out: Path) -> None:
    def examples() -> Iterator[list[NDArray[np.float32]]]:
        for patch in bands:
            yield [patch.astype(np.float32)[None, :, :, None]]

    module = graph(Folded(network))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([module.listen.get_concrete_function()], module)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    out.write_bytes(converter.convert())


def listen(file: Path, bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """As the box does, in TensorFlow's own runtime: the box's cannot live in one process with it."""
    net = tf.lite.Interpreter(str(file), num_threads=1)
    net.allocate_tensors()
    (into,), (last,) = net.get_input_details(), net.get_output_details()
    told = []
    for patch in bands:
        scale, zero = into["quantization"]
        whole = np.clip(np.round(patch / scale + zero), -128, 127).astype(np.int8)
        net.set_tensor(into["index"], whole[None, :, :, None])
        net.invoke()
        scale, zero = last["quantization"]
        told.append((net.get_tensor(last["index"])[0].astype(np.float32) - zero) * scale)
    return np.stack(told)


def quantise(cache: Path, runs: Path, name: str, out: Path) -> None:
    network = Network()
    network.load_state_dict(torch.load(runs / f"{name}.pt", weights_only=True))
    network.eval()
    heard = load(cache, set()).bands
    some = np.random.default_rng(SEED).permutation(len(heard))
    write(network, heard[some[:CALIBRATE]], out)
    judged = heard[some[CALIBRATE : CALIBRATE + JUDGED]].astype(np.float32)
    with torch.inference_mode():
        before = network(torch.from_numpy(judged)[:, None]).numpy()
    after = listen(out, judged)
    lost = float(np.square(after - before).sum() / np.square(before - before.mean(0)).sum())
    print(f"{out}: {out.stat().st_size} bytes; int8 loses {100 * lost:.2f} % of what the embedding tells")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--name", default="ear")
    parser.add_argument("--out", type=Path, default=Path("models/ear.tflite"))
    given = parser.parse_args()
    quantise(given.cache, given.runs, given.name, given.out)
