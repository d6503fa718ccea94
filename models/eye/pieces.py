"""Pieces of faces that are no face: a mouth printed on a shirt, one eye, a face in the wrong order.

Haar takes them for faces, and nothing in a network that knows wallpapers and faces tells it better. They are made
while training, of its own faces laid over its own crops that hold none.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.eye.faces import SIDE

PIECES = 0.5  # share of the crops without a face that are given pieces of one
MOUTHS = 0.5  # share of the pieces that are one to three mouths
EYES = 0.15  # that are one eye; the rest are whole faces with their quarters or halves in another order


@dataclass(frozen=True)
class Part:
    """Where it lies in FER2013's faces."""

    top: int
    bottom: int
    left: int
    right: int


MOUTH = Part(30, 46, 11, 37)
EYE = Part(11, 25, 4, 24)


def chance(low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand(()))


def laid(ground: Tensor, face: Tensor, part: Part) -> Tensor:
    """A part of a face on the ground, as large as it may be printed, its edge an oval or a frame."""
    printed = face[:, part.top : part.bottom, part.left : part.right]
    grown = chance(0.7, 1.9)
    high, wide = (min(SIDE, max(6, round(s * grown * chance(0.85, 1.15)))) for s in printed.shape[1:])
    printed = F.interpolate(printed[None], size=(high, wide), mode="bilinear", align_corners=False)[0]
    if float(torch.rand(())) < 0.5:  # in few greys
        printed = (printed - printed.mean()) * chance(1.5, 4) + chance(60, 200)
    y = torch.linspace(-1, 1, high, device=ground.device).view(-1, 1)
    x = torch.linspace(-1, 1, wide, device=ground.device).view(1, -1)
    inside = (x.square() + y.square() < 1).float() if float(torch.rand(())) < 0.7 else torch.ones_like(x + y)
    top, left = int(torch.randint(0, SIDE - high + 1, ())), int(torch.randint(0, SIDE - wide + 1, ()))
    out = ground.clone()
    spot = out[:, top : top + high, left : left + wide]
    spot.copy_(spot * (1 - inside) + printed.clamp(0, 255) * inside)
    return out


def jumbled(face: Tensor) -> Tensor:
    """Its halves changed about, or its quarters in any order but their own."""
    half = SIDE // 2
    if float(torch.rand(())) < 0.5:
        return face.roll(half, 1)
    quarters = [face[:, y : y + half, x : x + half] for y in (0, half) for x in (0, half)]
    order = torch.randperm(4).tolist()
    if order == [0, 1, 2, 3]:
        order.reverse()
    upper, lower = (torch.cat([quarters[order[i]], quarters[order[i + 1]]], 2) for i in (0, 2))
    return torch.cat([upper, lower], 1)


def piece(ground: Tensor, faces: Tensor) -> Tensor:
    """One crop that holds pieces, and no face."""
    which = float(torch.rand(()))
    face = faces[int(torch.randint(0, len(faces), ()))]
    if which < MOUTHS:
        for _ in range(int(torch.randint(1, 4, ()))):
            ground = laid(ground, face, MOUTH)
        return ground
    return laid(ground, face, EYE) if which < MOUTHS + EYES else jumbled(face)


def with_pieces(pictures: Tensor, empty: Tensor) -> Tensor:
    """A batch, some of whose crops without a face now hold pieces of the faces beside them."""
    chosen = torch.nonzero(empty & (torch.rand(len(pictures), device=pictures.device) < PIECES)).flatten()
    faces = pictures[~empty]
    for row in chosen.tolist():
        pictures[row] = piece(pictures[row], faces)
    return pictures
