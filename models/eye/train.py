"""Train a teacher, then the network that ships on votes and on what teachers say.

    python -m models.eye.train CACHE RUNS --role wide [--teacher RUNS/elder.pt ...]
    python -m models.eye.train CACHE RUNS --role sister [--teacher RUNS/elder.pt ...]
    python -m models.eye.train CACHE RUNS --role whole [--begin RUNS/begun.pt] [--teacher RUNS/elder.pt ...]

The role `whole` is what ships: it learns longer than its `sister` and from the validation faces too, so that nothing
judged on those counts any more. `wide` is too large for the box, and teaches. A teacher named twice has two voices.
A course begins from nothing, or at the weights of an earlier one (`thaw.py` has them out of a committed file).

Every epoch leaves a checkpoint in RUNS and the same command goes on from it; the last epoch leaves
ROLE.pt, the averaged weights. Two CPU cores or a GPU: the same code. Most epochs see faces made smaller, which
costs half; the last ones see them whole. --exact reckons in 32 bits throughout, which is faster on a processor that
knows 16 but has no unit for products of matrices: half as long again was lost there.
"""

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from models.averaging import follow
from models.eye.faces import SIDE
from models.eye.network import Network, multiply_adds
from models.eye.pieces import with_pieces
from models.eye.spoil import at_random, mild, standard

SEED = 20
BATCH = 128
DECAY = 5e-4
WARM = 0.06  # share of all steps spent warming up
AVERAGE = 0.998  # weight averaging, per step
RARE = 0.25  # power by which rare expressions are drawn more often: 0 as found, 1 all alike
ALARMS = 0.09  # share of each batch that holds no face
MIX = 0.15  # share of batches in which faces are mixed in pairs
SMOOTH = 0.0  # of the nine targets' mass, spread evenly
ORIGINAL = 0.1  # weight of the second head's loss
DISTIL = 0.5  # share of the first head's target that the teachers give, where there are any
VIEWS = 4  # mild views over which each teacher's answer is averaged, once, before training
LOOK = 10  # epochs between two looks at the validation faces

Growth = tuple[tuple[float, int], ...]  # until which share of the epochs, faces of how many pixels a side
GROWING: Growth = ((0.45, 32), (0.7, 40), (1.0, SIDE))


@dataclass(frozen=True)
class Course:
    """A life of learning, from nothing or from an earlier life's weights."""

    shape: str
    epochs: int
    rate: float  # at its peak, for SGD with Nesterov's momentum
    growth: Growth
    parts: tuple[str, ...] = ("train",)  # of the faces, that it learns from


COURSES = {
    "wide": Course("wide", 45, 0.12, GROWING, parts=("train", "valid")),
    "sister": Course("placed", 50, 0.12, GROWING),
    "whole": Course("placed", 165, 0.10, GROWING, parts=("train", "valid")),
}


@dataclass(frozen=True)
class Faces:
    """Pictures on the device with their targets; original is -100 where the second head learns nothing."""

    pictures: Tensor
    votes: Tensor
    original: Tensor
    weight: Tensor


def load(cache: Path, parts: Sequence[str], device: torch.device) -> Faces:
    arrays = np.load(cache / "faces.npz")
    faces, alarms, known, seven = (
        np.concatenate([arrays[f"{part}_{field}"] for part in parts])
        for field in ("pictures", "alarms", "votes", "original")
    )
    votes = np.concatenate([known, np.eye(9, dtype=np.float32)[np.full(len(alarms), 8)]])
    original = np.concatenate([seven, np.full(len(alarms), -100)])
    kinds = votes[: len(faces)].argmax(1)
    weight = (1 / np.bincount(kinds, minlength=9).clip(1)[kinds]) ** RARE
    weight = np.concatenate([weight / weight.sum() * (1 - ALARMS), np.full(len(alarms), ALARMS / len(alarms))])
    return Faces(
        torch.from_numpy(np.concatenate([faces, alarms])[:, None]).to(device),
        torch.from_numpy(votes).to(device),
        torch.from_numpy(original.astype(np.int64)).to(device),
        torch.from_numpy(weight).to(device),
    )


def rate_at(done: float) -> float:
    if done < WARM:
        return done / WARM
    return 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))


def cross(logits: Tensor, target: Tensor) -> Tensor:
    return -(target * F.log_softmax(logits, 1)).sum(1).mean()


def told(teachers: list[Path], faces: Faces, kept: Path, exact: bool) -> Tensor:
    """What the teachers say of each training face, over mild views: asked once and kept, since asking at every step
    doubles its cost. Of a picture without a face nobody need be asked."""
    device = faces.pictures.device
    if kept.exists():
        return torch.load(kept, map_location=device, weights_only=True)  # type: ignore[no-any-return]  # torch.load is untyped
    sure = faces.votes[:, 8] == 1
    total = torch.zeros_like(faces.votes)
    for path in teachers:
        saved = torch.load(path, map_location=device, weights_only=True)
        guide = Network(saved["shape"]).to(device, memory_format=torch.channels_last)
        guide.load_state_dict(saved["weights"])
        guide.eval()
        for rows in tqdm(torch.nonzero(~sure).flatten().split(512), f"asking {path.stem}", ascii=True, mininterval=5):
            pictures = faces.pictures[rows].float()
            for view in range(VIEWS):
                seen = standard(mild(pictures) if view else pictures).to(memory_format=torch.channels_last)
                with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=not exact):
                    total[rows] += F.softmax(guide(seen)[0].float(), 1)
    answers = torch.where(sure[:, None], faces.votes, total / (len(teachers) * VIEWS))
    torch.save(answers, kept)
    return answers


def judge(network: nn.Module, faces: Faces) -> dict[str, float]:
    """Plain accuracy where more than half agreed, macro-F1 over the eight, and how well false alarms are told."""
    network.eval()
    parts = []
    with torch.inference_mode():
        for at in range(0, len(faces.pictures), 512):
            parts.append(network(standard(faces.pictures[at : at + 512].float()))[0].float())
    logits = torch.cat(parts)
    answer, truth = logits.argmax(1), faces.votes.argmax(1)
    sure = (faces.votes.max(1).values > 0.5) & (truth < 8)
    said = logits[:, :8].argmax(1)
    right = float((said == truth)[sure].float().mean())
    scores = []
    for kind in range(8):
        hit = ((said == kind) & (truth == kind) & sure).sum()
        scores.append(float(2 * hit / (((said == kind) & sure).sum() + ((truth == kind) & sure).sum()).clamp(min=1)))
    alarms = truth == 8
    return {
        "accuracy": round(right, 4),
        "f1": round(sum(scores) / 8, 4),
        "alarms_passed": round(float((answer[alarms] != 8).float().mean()), 4),
        "faces_refused": round(float((answer[~alarms] == 8).float().mean()), 4),
    }


def train(
    cache: Path, runs: Path, role: str, begin: Path | None, teachers: list[Path], epochs: int, exact: bool
) -> None:
    torch.manual_seed(SEED)
    course = COURSES[role]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    faces, valid = load(cache, course.parts, device), load(cache, ("valid",), device)
    network = Network(course.shape).to(device, memory_format=torch.channels_last)
    if begin:
        network.load_state_dict(torch.load(begin, map_location=device, weights_only=True)["weights"])
    average = Network(course.shape).to(device)
    average.load_state_dict(network.state_dict())
    bare = [p for p in network.parameters() if p.ndim < 2]
    heavy = [p for p in network.parameters() if p.ndim >= 2]
    optimizer = torch.optim.SGD(
        [{"params": heavy, "weight_decay": DECAY}, {"params": bare, "weight_decay": 0.0}],
        lr=course.rate, momentum=0.9, nesterov=True,
    )  # fmt: skip
    runs.mkdir(parents=True, exist_ok=True)
    checkpoint, first = runs / f"{role}.ckpt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"]
    steps = int((faces.votes[:, 8] < 0.5).sum()) // BATCH
    targets = faces.votes
    if teachers:
        targets = (1 - DISTIL) * targets + DISTIL * told(teachers, faces, runs / f"{role}-told.pt", exact)
    print(
        f"{role}: {multiply_adds(Network(course.shape)) / 1e6:.1f} M multiply-adds, "
        f"epochs {first}..{epochs} of {steps} steps, {device}"
    )
    for epoch in range(first, epochs):
        torch.manual_seed(SEED * 1000 + epoch)
        network.train()
        side = next(size for share, size in course.growth if epoch < share * epochs)
        drawn = torch.multinomial(faces.weight.cpu(), steps * BATCH, replacement=True).view(steps, BATCH).to(device)
        seen, start = 0.0, time.monotonic()
        for step in tqdm(range(steps), f"{role} {epoch + 1}/{epochs}", ascii=True, mininterval=5):
            for group in optimizer.param_groups:
                group["lr"] = course.rate * rate_at((epoch + step / steps) / epochs)
            rows = drawn[step]
            spoilt = at_random(with_pieces(faces.pictures[rows].float(), faces.votes[rows, 8] == 1))
            if side != SIDE:
                spoilt = F.interpolate(spoilt, size=(side, side), mode="area")
            pictures = standard(spoilt)
            target, original = targets[rows], faces.original[rows]
            if float(torch.rand(())) < MIX:
                share = float(np.random.default_rng(SEED + epoch * steps + step).beta(0.4, 0.4))
                order = torch.randperm(BATCH, device=device)
                pictures = share * pictures + (1 - share) * pictures[order]
                target = share * target + (1 - share) * target[order]
                original = torch.full_like(original, -100)
            target = target * (1 - SMOOTH) + SMOOTH / 9
            pictures = pictures.to(memory_format=torch.channels_last)
            with torch.autocast(device.type, torch.bfloat16, enabled=not exact):
                logits, second = (t.float() for t in network(pictures))
                loss = cross(logits, target)
                if bool((original >= 0).any()):
                    loss = loss + ORIGINAL * F.cross_entropy(second, original, label_smoothing=0.1)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
            optimizer.step()
            seen += float(loss.detach())
            follow(average, network, AVERAGE, epoch * steps + step)
        scored = judge(average, valid) if (epoch + 1) % LOOK == 0 or epoch + 1 == epochs else {}
        line = {
            "epoch": epoch + 1,
            "loss": round(seen / steps, 4),
            **scored,
            "seconds": round(time.monotonic() - start),
        }
        with (runs / f"{role}.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)
        partial = checkpoint.with_suffix(".part")
        torch.save(
            {
                "shape": course.shape,
                "network": network.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "epoch": epoch + 1,
            },
            partial,
        )
        partial.replace(checkpoint)
    torch.save({"shape": course.shape, "weights": average.state_dict()}, runs / f"{role}.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--role", choices=COURSES, required=True)
    parser.add_argument("--begin", type=Path)
    parser.add_argument("--teacher", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--exact", action="store_true")
    given = parser.parse_args()
    epochs = given.epochs or COURSES[given.role].epochs
    train(given.cache, given.runs, given.role, given.begin, given.teacher, epochs, given.exact)
