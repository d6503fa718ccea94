"""Blend: weights between a student's and its finish's, which keeps what the one knew and what the other learnt.

    python -m models.eye.blend CACHE RUNS/student.pt RUNS/finish.pt [--share 0.5] --out RUNS/blend.pt

Several shares are judged on the validation pictures and told; the one asked for is written.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from models.eye.network import Network
from models.eye.train import judge, load

SHARE = 0.5  # of the finish, that is written
SHARES = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0)  # of the finish, that are told

Weights = dict[str, Tensor]


def between(first: Weights, other: Weights, share: float) -> Weights:
    """Counts of batches are no weights: they stay as they are."""
    return {
        name: weight.lerp(other[name], share) if weight.is_floating_point() else weight
        for name, weight in first.items()
    }


def blend(cache: Path, student: Path, finish: Path, share: float, out: Path) -> None:
    valid = load(cache, ("valid",), torch.device("cpu"))
    first, other = (torch.load(path, map_location="cpu", weights_only=True) for path in (student, finish))
    network = Network(first["shape"])
    for tried in sorted({*SHARES, share}):
        network.load_state_dict(between(first["weights"], other["weights"], tried))
        print(tried, judge(network, valid))
    torch.save({"shape": first["shape"], "weights": between(first["weights"], other["weights"], share)}, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("student", type=Path)
    parser.add_argument("finish", type=Path)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    blend(given.cache, given.student, given.finish, given.share, given.out)
