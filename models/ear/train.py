"""Train: the small network learns to say what the teacher says. No label of any song is read.

    python -m models.ear.train CACHE RUNS [--without NAMES.txt] [--name ear]

The teacher's 200 inner numbers and its fifty tags are each turned on their main axes, and the first ones kept. Every
epoch leaves a checkpoint in RUNS and the same command goes on from it. `--without` leaves out the songs named there, a
line each: so a network is made that never heard them, to be judged on them.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from models.averaging import follow
from models.ear.network import INNER, TAGS, Network, multiply_adds

SEED = 20
BATCH = 64
EPOCHS = 30
RATE = 3e-3  # peak, for AdamW
DECAY = 0.02
WARM = 0.1  # share of all steps spent warming up
AVERAGE = 0.995  # weight averaging, per step
NOISE = 0.05  # of the bands, in their own unit
GAIN = 0.15  # a patch is heard this much louder or softer, in the same unit: the teacher hardly minds
HIDE = 10  # bands or frames hidden at most, in one place of each
SOFTEN = 0.5  # axes count by this power of their spread: 0 all alike, 1 as they are
FAINT = 1e-4  # of a tag: less is none
HELD = 25  # of so many files one is held back, to see how the network does on what it never heard


@dataclass(frozen=True)
class Heard:
    """Patches with what the teacher says of them, and which file each is from."""

    bands: NDArray[np.float16]
    embedding: NDArray[np.float32]
    tags: NDArray[np.float32]  # before they are squeezed between nought and one
    names: list[str]
    file: NDArray[np.int64]


def load(cache: Path, without: set[str]) -> Heard:
    files = sorted(file for file in cache.glob("*.npz") if ".part" not in file.name)
    parts = [(str(told["name"]), told["bands"], told["embedding"], told["tags"]) for told in map(np.load, files)]
    parts = [part for part in parts if Path(part[0]).name not in without]
    counts = [len(part[1]) for part in parts]
    return Heard(
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
        unsqueezed(np.concatenate([part[3] for part in parts])),
        [part[0] for part in parts],
        np.repeat(np.arange(len(parts)), counts),
    )


def unsqueezed(tags: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.log(np.maximum(tags, FAINT) / np.maximum(1 - tags, FAINT)), np.float32)


def on_axes(told: NDArray[np.float32], count: int, name: str) -> NDArray[np.float32]:
    """What is told, on its first main axes, the large ones made smaller."""
    apart = told - told.mean(0)
    _, spread, basis = np.linalg.svd(apart, full_matrices=False)
    spread = spread / math.sqrt(len(told))
    kept = float((spread[:count] ** 2).sum() / (spread**2).sum())
    print(f"{count} axes hold {100 * kept:.1f} % of what the teacher's {told.shape[1]} {name} tell")
    return np.asarray(apart @ (basis[:count] * (spread[:count] ** (SOFTEN - 1))[:, None]).T, np.float32)


def spoil(bands: Tensor) -> Tensor:
    """As another recording of the same would be heard."""
    x = bands + NOISE * torch.randn_like(bands) + GAIN * torch.randn(len(bands), 1, 1, 1)
    for axis in (2, 3):
        width = int(torch.randint(0, HIDE + 1, ()))
        begin = int(torch.randint(0, x.shape[axis] - width, ()))
        x.narrow(axis, begin, width).zero_()
    return x.clamp_(min=0)


def agreement(network: Network, bands: Tensor, targets: Tensor) -> float:
    """The share of the targets' spread that the network tells."""
    network.eval()
    with torch.inference_mode():
        told = torch.cat([network(part.float()) for part in bands.split(128)])
    return float(1 - (targets - told).square().sum() / (targets - targets.mean(0)).square().sum())


def rate_at(done: float) -> float:
    if done < WARM:
        return RATE * done / WARM
    return RATE * 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))


def train(cache: Path, runs: Path, name: str, without: set[str], epochs: int) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # a second waits for the first more than it works, on a busy machine
    heard = load(cache, without)
    inner = on_axes(heard.embedding, INNER, "inner numbers")
    targets = torch.from_numpy(np.hstack([inner, on_axes(heard.tags, TAGS, "tags")]))
    bands = torch.from_numpy(heard.bands)[:, None]
    held = torch.from_numpy(heard.file % HELD == 0)
    rows = torch.nonzero(~held).ravel()
    network, average = Network().to(memory_format=torch.channels_last), Network()
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    runs.mkdir(parents=True, exist_ok=True)
    checkpoint, first = runs / f"{name}.ckpt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"]
    steps = len(rows) // BATCH
    print(f"{multiply_adds(Network()) / 1e6:.1f} M multiply-adds; {len(rows)} patches of {len(heard.names)} files")
    for epoch in range(first, epochs):
        torch.manual_seed(SEED * 1000 + epoch)
        network.train()
        order = rows[torch.randperm(len(rows))][: steps * BATCH].view(steps, BATCH)
        seen, start = 0.0, time.process_time()
        for step in tqdm(range(steps), f"{epoch + 1}/{epochs}", ascii=True, mininterval=10):
            for group in optimizer.param_groups:
                group["lr"] = rate_at((epoch + step / steps) / epochs)
            x = spoil(bands[order[step]].float()).to(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                told = network(x)
            loss = (told.float() - targets[order[step]]).square().mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
            optimizer.step()
            seen += float(loss.detach())
            follow(average, network, AVERAGE, epoch * steps + step)
        line = {
            "epoch": epoch + 1,
            "loss": round(seen / steps, 4),
            "held": round(agreement(average, bands[held], targets[held]), 4),
            "cpu": round(time.process_time() - start),
        }
        with (runs / f"{name}.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)
        partial = checkpoint.with_suffix(".part")
        state = {"network": network.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state | {"epoch": epoch + 1}, partial)
        partial.replace(checkpoint)
    torch.save(average.state_dict(), runs / f"{name}.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--name", default="ear")
    parser.add_argument("--without", type=Path)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    given = parser.parse_args()
    left_out = set(given.without.read_text().split()) if given.without else set()
    train(given.cache, given.runs, given.name, left_out, given.epochs)
