"""Train a network on votes and, where it has elders, on what they say.

    python -m models.eye.train CACHE RUNS --role teacher
    python -m models.eye.train CACHE RUNS --role student [--teacher RUNS/teacher.pt ...]
    python -m models.eye.train CACHE RUNS --role pupil --begin RUNS/student.pt --teacher RUNS/student.pt ...

Every epoch leaves a checkpoint in RUNS and the same command goes on from it; the last epoch leaves
ROLE.pt, the averaged weights. Two CPU cores or a GPU: the same code. What differs between them stands in `courses.py`.
"""

import argparse
import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from models.averaging import follow
from models.eye.courses import COURSES
from models.eye.faces import SIDE
from models.eye.lessons import Lessons, lessons
from models.eye.network import Network, multiply_adds
from models.eye.spoil import at_random, standard

SEED = 20
BATCH = 128
AVERAGE = 0.998  # weight averaging, per step
DECAY = 5e-4
WARM = 0.06  # share of all steps spent warming up
RARE = 0.25  # power by which rare expressions are drawn more often: 0 as found, 1 all alike
ALARMS = 0.06  # share of each batch that holds no face
ORIGINAL = 0.1  # weight of the second head's loss
DISTIL = 0.7  # share of the first head's target that the teachers give, where there are any
LOOK = 10  # epochs between two looks at the validation faces


@dataclass(frozen=True)
class Faces:
    """Pictures on the device with their targets; original is -100 where the second head learns nothing."""

    pictures: Tensor
    votes: Tensor
    original: Tensor
    weight: Tensor


def load(cache: Path, part: str, device: torch.device) -> Faces:
    arrays = np.load(cache / "faces.npz")
    faces, alarms = arrays[f"{part}_pictures"], arrays[f"{part}_alarms"]
    votes = np.concatenate([arrays[f"{part}_votes"], np.eye(9, dtype=np.float32)[np.full(len(alarms), 8)]])
    original = np.concatenate([arrays[f"{part}_original"], np.full(len(alarms), -100)])
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
    """Of a course's peak, how much at a share of its steps: up quickly, then down along half a cosine."""
    if done < WARM:
        return done / WARM
    return 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))


def cross(logits: Tensor, target: Tensor) -> Tensor:
    return -(target * F.log_softmax(logits, 1)).sum(1).mean()


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


class Drawn:
    """What an epoch is fed: faces spoilt anew at each draw, or lessons, mirrored or not, with what the elders said."""

    def __init__(self, faces: Faces, learnt: Lessons | None) -> None:
        self.faces, self.learnt = faces, learnt

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        votes = self.faces.votes[rows]
        if self.learnt is None:
            return at_random(self.faces.pictures[rows].float()), votes
        variant = torch.randint(len(self.learnt.pictures), (len(rows),), device=rows.device)
        pictures = self.learnt.pictures[variant, rows].float()
        mirrored = (torch.rand(len(rows), device=rows.device) < 0.5).view(-1, 1, 1, 1)
        answers = self.learnt.answers[variant, rows]
        return torch.where(mirrored, pictures.flip(3), pictures), (1 - DISTIL) * votes + DISTIL * answers


def learner(shape: str, begin: Path | None) -> Network:
    """The network at the start of its course: new, or with what it learnt in an earlier one."""
    if begin is None:
        return Network(shape)
    saved = torch.load(begin, map_location="cpu", weights_only=True)
    found = Network(saved["shape"])
    found.load_state_dict(saved["weights"])
    return found


def train(cache: Path, runs: Path, role: str, begin: Path | None, teachers: list[Path], epochs: int) -> None:
    torch.manual_seed(SEED)
    course = COURSES[role]
    shape = "teacher" if role == "teacher" else "student"
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    faces, valid = load(cache, "train", device), load(cache, "valid", device)
    network = learner(shape, begin).to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(network)
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
    learnt = lessons(teachers, faces.pictures, faces.votes, runs / f"{role}-lessons.pt", SEED) if teachers else None
    drawn = Drawn(faces, learnt)
    steps = int((faces.votes[:, 8] < 0.5).sum()) // BATCH
    print(f"{role}: {multiply_adds(copy.deepcopy(network).cpu()) / 1e6:.1f} M multiply-adds, ", end="")
    print(f"epochs {first}..{epochs} of {steps} steps, {device}")
    for epoch in range(first, epochs):
        torch.manual_seed(SEED * 1000 + epoch)
        network.train()
        side = next(size for share, size in course.growth if epoch < share * epochs)
        order = torch.multinomial(faces.weight.cpu(), steps * BATCH, replacement=True)
        order = order.view(steps, BATCH).to(device)
        seen, start = 0.0, time.monotonic()
        for step in tqdm(range(steps), f"{role} {epoch + 1}/{epochs}", ascii=True, mininterval=5):
            for group in optimizer.param_groups:
                group["lr"] = course.rate * rate_at((epoch + step / steps) / epochs)
            rows = order[step]
            spoilt, target = drawn.batch(rows)
            original = faces.original[rows]
            if side != SIDE:
                spoilt = F.interpolate(spoilt, size=(side, side), mode="area")
            pictures = standard(spoilt)
            if float(torch.rand(())) < course.mix:
                share = float(np.random.default_rng(SEED + epoch * steps + step).beta(0.4, 0.4))
                other = torch.randperm(BATCH, device=device)
                pictures = share * pictures + (1 - share) * pictures[other]
                target = share * target + (1 - share) * target[other]
                original = torch.full_like(original, -100)
            pictures = pictures.to(memory_format=torch.channels_last)
            with torch.autocast(device.type, torch.bfloat16):
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
                "network": network.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "epoch": epoch + 1,
            },
            partial,
        )
        partial.replace(checkpoint)
    torch.save(
        {"shape": "teacher" if role == "teacher" else "student", "weights": average.state_dict()}, runs / f"{role}.pt"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--role", choices=COURSES, required=True)
    parser.add_argument("--begin", type=Path, help="weights of an earlier course to go on from")
    parser.add_argument("--teacher", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int)
    given = parser.parse_args()
    train(given.cache, given.runs, given.role, given.begin, given.teacher, given.epochs or COURSES[given.role].epochs)
