"""Beside the network, from the validation pictures alone: what the box must know to use it well.

    python -m models.eye.contract CACHE [--sister FOLDER] [--out models]

Writes expression.json: the input contract, the temperature, how contempt folds into the seven, above which
"not a face" a face is refused, and the confusion matrix that the mood filter believes. Never reads the test.
A network that learnt from the validation pictures as well would flatter itself on them: its sister in FOLDER, which
did not, is asked in its place.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.eye.faces import EXPRESSIONS as NAMES
from models.eye.shipped import Floats, Shipped, softmax

MARGIN = 0.0  # Haar's box on FER2013 is .986 of its crop (median of 456): the crop is the box
KEEP = 0.996  # share of real faces that the refusal must leave


def best_temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """The temperature at which the majority label is least surprising."""
    heats = np.exp(np.linspace(np.log(0.3), np.log(3), 60))
    loss = [-np.log(softmax(logits[:, :8], float(t))[np.arange(len(truth)), truth] + 1e-9).mean() for t in heats]
    return float(heats[int(np.argmin(loss))])


def seven(shares: Floats, fold: dict[str, float]) -> Floats:
    """Nine shares to the box's seven, as firmware does it."""
    eight = shares[:, :8] / np.maximum(shares[:, :8].sum(1, keepdims=True), 1e-9)
    folded = eight[:, :7].copy()
    for name, part in fold.items():
        folded[:, NAMES.index(name)] += part * eight[:, 7]
    return np.asarray(folded, np.float32)


def contract(cache: Path, sister: Path, out: Path) -> None:
    arrays = np.load(cache / "faces.npz")
    asked = Shipped(sister / "expression.tflite")
    logits, _ = asked.read(arrays["valid_pictures"], label="validation")
    alarms, _ = asked.read(arrays["valid_alarms"], label="false alarms")
    truth, votes = arrays["valid_majority"], arrays["valid_votes"]
    sure = truth >= 0
    heat = best_temperature(logits[sure], truth[sure])
    shares = softmax(logits, heat)
    mass = (shares[:, 7:8] * votes[:, :7]).sum(0)
    fold = {NAMES[i]: round(float(mass[i] / mass.sum()), 3) for i in np.argsort(-mass) if mass[i] / mass.sum() > 0.05}
    fold = {name: round(part / sum(fold.values()), 3) for name, part in fold.items()}
    first = next(iter(fold))
    fold[first] = round(
        fold[first] + 1 - sum(fold.values()), 3
    )  # the box wants the whole of it shared, to the last digit
    refuse = float(np.clip(np.quantile(shares[sure, 8], KEEP), 0.001, 0.9))
    read = seven(shares, fold).argmax(1)
    counts = np.ones((7, 7)) * 0.5
    told = np.where(truth == 7, -1, truth)
    for t, r in zip(told, read, strict=True):
        if t >= 0:
            counts[t, r] += 1
    text = json.dumps(
        {
            "version": 1,
            "fingerprint": hashlib.sha256((out / "expression.tflite").read_bytes()).hexdigest()[:16],
            "side": 48,
            "margin": MARGIN,
            "deviation_floor": 4.0,
            "clip": 3.0,
            "classes": NAMES,
            "temperature": round(heat, 3),
            "refuse_above": round(refuse, 4),
            "fold_contempt": fold,
            "confusion": [[round(float(v), 4) for v in row] for row in counts / counts.sum(1, keepdims=True)],
        },
        indent=1,
    )
    (out / "expression.json").write_text(text + "\n")
    passed = float((softmax(alarms, heat)[:, 8] <= refuse).mean())
    print(f"temperature {heat:.3f}, fold {fold}, refuse above {refuse:.4f}: {passed:.3f} of held-out false alarms pass")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--sister", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models"))
    given = parser.parse_args()
    contract(given.cache, given.sister or given.out, given.out)
