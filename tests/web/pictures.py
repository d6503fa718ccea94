"""Pictures of the page for the documents, small enough for a repository: as many colours as the eye misses none of.

MIEN_PICTURES=1 renews those in docs/pictures while the tests run.
"""

import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page as Tab

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS = 48


def picture(tab: Tab, name: str, whole: bool = False) -> None:
    """Nothing, unless pictures are to be renewed."""
    if os.environ.get("MIEN_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        shot = np.frombuffer(tab.screenshot(full_page=whole), np.uint8)
        pixels = cv2.cvtColor(cv2.imdecode(shot, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        (PICTURES / f"page-{name}.png").write_bytes(drawn(np.asarray(pixels, np.uint8)))


def drawn(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG with a palette."""
    palette, index = few(pixels.reshape(-1, 3))
    rows = index.reshape(pixels.shape[:2])
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    told = (
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def few(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The commonest colours as they are, the rest by their nearest mean; and which of them each pixel has."""
    colours, where, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    common = colours[np.argsort(-counts)[:12]]
    weighed = np.repeat(colours, np.clip(np.sqrt(counts), 1, 40).astype(int), axis=0).astype(np.float32)
    cv2.setRNGSeed(1)
    kinds = min(COLOURS, len(weighed))
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 25, 0.5)
    means = cv2.kmeans(weighed, kinds, np.empty(0, np.int32), stop, 1, cv2.KMEANS_PP_CENTERS)[2]
    palette = np.unique(np.vstack([common, np.rint(means).clip(0, 255).astype(np.uint8)]), axis=0)
    apart = np.square(colours[:, None].astype(np.int32) - palette[None]).sum(2)
    return palette, apart.argmin(1).astype(np.uint8)[where.ravel()]
