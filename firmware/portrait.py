"""A face drawn by code, well enough that the cascade finds it and the network reads it. Pure.

The face is drawn once, upright, on a square canvas, with the expression as a few measures of brows, eyes and mouth;
turning the head slides the features over a round head.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from firmware.wire import Expression

Grey = NDArray[np.uint8]
Shades = NDArray[np.float32]
INK = (1.0,)
SIDE = 384  # of the canvas; the head fills most of its height


@dataclass(frozen=True)
class Look:
    """What an expression does to a face; all as shares of the head, zero at rest."""

    brow: float = 0.0  # brows up
    inner: float = 0.0  # inner ends of the brows further up (grief) or down (anger)
    eye: float = 0.0  # eyes wider or narrower
    corners: float = 0.0  # mouth's corners up
    open: float = 0.0  # mouth open
    teeth: float = 0.0
    wide: float = 0.0  # mouth wider or narrower
    cheeks: float = 0.0  # folds from nose to mouth, cheeks raised
    wrinkle: float = 0.0  # of the nose and between the brows
    lip: float = 0.0  # upper lip raised
    gaze: float = 0.0  # eyes cast down
    droop: float = 0.0  # outer corners of the eyes down
    chin: float = 0.0  # chin pushed up and dimpled, lower lip out


LOOKS: dict[Expression, Look] = {
    "neutral": Look(),
    "happy": Look(eye=-0.25, corners=0.6, open=0.35, teeth=1.0, wide=0.45, cheeks=0.9),
    "surprise": Look(brow=0.9, eye=0.7, open=1.0, wide=-0.45),
    "sad": Look(inner=1.0, eye=-0.7, corners=-0.62, open=0.47, wide=0.4, cheeks=0.64, lip=-0.4, droop=0.2, chin=0.1),
    "angry": Look(
        brow=-0.79, inner=-1.2, eye=-0.1, corners=-0.76, open=1.1, wide=-0.5, cheeks=0.83, wrinkle=1.06, lip=0.5
    ),
    "disgust": Look(brow=-0.42, inner=-0.3, eye=-0.6, corners=-0.9, open=0.6, cheeks=1.2, wrinkle=1.0, lip=1.2),
    "fear": Look(brow=0.1, inner=0.9, eye=0.8, corners=-1.1, open=0.7, teeth=1.0, wide=0.5, cheeks=1.0, lip=0.2),
}


def _soft(shape: Shades, sigma: float) -> Shades:
    return np.asarray(cv2.GaussianBlur(shape, (0, 0), sigma), np.float32)


class _Canvas:
    """A picture on which shapes are laid with soft edges."""

    def __init__(self, shade: float) -> None:
        self.shades: Shades = np.full((SIDE, SIDE), shade, np.float32)

    def lay(self, mask: Shades, shade: float, strength: float = 1.0) -> None:
        self.shades += (shade - self.shades) * mask * strength

    def ellipse(self, x: float, y: float, a: float, b: float, shade: float, soft: float = 1.5, tilt: float = 0.0,
                strength: float = 1.0) -> Shades:  # fmt: skip
        mask = np.zeros((SIDE, SIDE), np.float32)
        centre, axes = (round(x * 16), round(y * 16)), (max(1, round(a * 16)), max(1, round(b * 16)))
        cv2.ellipse(mask, centre, axes, tilt, 0, 360, INK, -1, cv2.LINE_AA, 4)
        mask = _soft(mask, soft)
        self.lay(mask, shade, strength)
        return mask

    def line(self, points: NDArray[np.float64], width: float, shade: float, soft: float = 1.5,
             strength: float = 1.0) -> None:  # fmt: skip
        mask = np.zeros((SIDE, SIDE), np.float32)
        cv2.polylines(mask, [np.round(points * 16).astype(np.int32)], False, INK, max(1, round(width)), cv2.LINE_AA, 4)
        self.lay(_soft(mask, soft), shade, strength)

    def area(self, points: NDArray[np.float64], shade: float, soft: float = 1.5, strength: float = 1.0) -> None:
        mask = np.zeros((SIDE, SIDE), np.float32)
        cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], INK, cv2.LINE_AA, 4)
        self.lay(_soft(mask, soft), shade, strength)


def _bow(x0: float, y0: float, x1: float, y1: float, rise: float, count: int = 17) -> NDArray[np.float64]:
    """A curve from one point to another whose middle lies `rise` above the straight line."""
    t = np.linspace(0, 1, count)
    return np.stack([x0 + (x1 - x0) * t, y0 + (y1 - y0) * t - rise * 4 * t * (1 - t)], 1)


def mix(a: Look, b: Look, share: float) -> Look:
    """On the way from one look to another."""
    return Look(*(getattr(a, n) * (1 - share) + getattr(b, n) * share for n in Look.__dataclass_fields__))


def draw(look: Look, turn: float = 0.0) -> tuple[Grey, Shades]:
    """The head and its outline as a mask of 0 to 1. `turn` is -1 (fully left) to 1; the cascade bears about a third."""
    c = _Canvas(0.0)
    middle, top = SIDE / 2, SIDE * 0.5
    r = SIDE * 0.36  # half the head's width, about
    shift = turn * r * 0.45

    outline = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(outline, (round(middle), round(top)), (round(r), round(r * 1.3)), 0, 0, 360, INK, -1, cv2.LINE_AA)
    neck = np.zeros((SIDE, SIDE), np.float32)
    cv2.rectangle(neck, (round(middle - r * 0.5), round(top + r)), (round(middle + r * 0.5), SIDE), INK, -1)
    shoulders = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(shoulders, (round(middle), SIDE), (round(r * 1.3), round(r * 0.35)), 0, 180, 360, INK, -1, cv2.LINE_AA)
    c.lay(neck, 128)
    c.lay(_soft(shoulders, 2), 70)
    c.lay(outline, 176)

    # A round head under a lamp from above, a little to one side.
    yy, xx = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    away = np.clip(((xx - middle - shift * 0.3 + r * 0.12) / r) ** 2 + ((yy - top + r * 0.2) / (r * 1.35)) ** 2, 0, 1.6)
    c.shades -= np.asarray(outline * (away**1.5) * 46, np.float32)

    def side(s: int) -> tuple[float, float]:
        """Where a feature of one side goes, and how foreshortened it is."""
        return middle + shift + s * r * 0.4 * (1 - 0.35 * max(0.0, s * turn)), 1 - 0.3 * max(0.0, s * turn)

    # Cheeks, folds, chin.
    for s in (-1, 1):
        x, f = side(s)
        c.ellipse(x + s * r * 0.12, top + r * (0.36 - 0.06 * look.cheeks), r * 0.24 * f, r * 0.2, 200, 14,
                  strength=0.35 + 0.3 * look.cheeks)  # fmt: skip
        if look.cheeks > 0.05:
            fold = _bow(middle + shift + s * r * 0.2, top + r * 0.3, middle + shift + s * r * (0.46 + 0.1 * look.wide),
                        top + r * 0.66, r * 0.06)  # fmt: skip
            c.line(fold, 5, 108, 3.5, 0.75 * look.cheeks)
    c.ellipse(middle + shift * 0.9, top + r * 1.08, r * 0.22, r * 0.12, 196, 9, strength=0.5)
    c.line(
        _bow(middle + shift - r * 0.16, top + r * 0.94, middle + shift + r * 0.16, top + r * 0.94, r * 0.04),
        6,
        120,
        6,
        0.5,
    )

    # Eyes in their sockets.
    eye_y = top - r * 0.12
    for s in (-1, 1):
        x, f = side(s)
        wide, high = r * 0.2 * f, r * 0.088 * (1 + 0.75 * look.eye)
        c.ellipse(x, eye_y - r * 0.06, r * 0.3 * f, r * 0.2, 118, 8, strength=0.75)
        left_y, right_y = (eye_y - s * r * 0.05 * look.droop, eye_y + s * r * 0.05 * look.droop)
        over, under = _bow(x - wide, left_y, x + wide, right_y, high), _bow(x + wide, right_y, x - wide, left_y, -high)
        lens = np.concatenate([over, under])
        c.area(lens, 214, 1.6)
        lid = np.zeros((SIDE, SIDE), np.float32)
        cv2.fillPoly(lid, [np.round(lens * 16).astype(np.int32)], INK, cv2.LINE_AA, 4)
        iris = np.zeros((SIDE, SIDE), np.float32)
        pupil = (round((x + turn * r * 0.05) * 16), round((eye_y + r * 0.05 * look.gaze) * 16))
        cv2.circle(iris, pupil, round(r * 0.094 * 16), INK, -1, cv2.LINE_AA, 4)
        c.lay(_soft(iris * lid, 1.2), 42)
        c.ellipse(x - r * 0.03, eye_y - r * 0.03, r * 0.02, r * 0.02, 240, 1, strength=0.8)
        c.line(
            _bow(x - wide * 1.08, left_y + r * 0.01, x + wide * 1.08, right_y + r * 0.01, high * 1.1), 4, 52, 1.6, 0.95
        )
        c.line(under, 2, 110, 1.6, 0.8)
        if look.cheeks > 0.3:
            c.line(
                _bow(x - wide, eye_y + r * 0.13, x + wide, eye_y + r * 0.13, -r * 0.05), 4, 125, 3, 0.6 * look.cheeks
            )
        lift = r * 0.16 * look.brow
        inner, outer = x - s * r * 0.25 * f, x + s * r * 0.27 * f
        brow_y = eye_y - r * 0.25 - lift
        brow = _bow(inner, brow_y - r * 0.14 * look.inner, outer, brow_y + r * (0.04 + 0.08 * look.inner),
                    r * (0.05 + 0.03 * look.brow - 0.02 * abs(look.inner)))  # fmt: skip
        c.line(brow, r * 0.085, 48, 2.4, 0.9)

    # Brow lines: raised ones crease the forehead, drawn ones the root of the nose.
    if look.brow > 0.3 or look.inner > 0.3:
        for k in range(3):
            y = eye_y - r * (0.56 + 0.09 * k)
            c.line(_bow(middle + shift - r * 0.42, y, middle + shift + r * 0.42, y, r * 0.04), 3, 128, 2.2,
                   0.6 * max(look.brow, look.inner))  # fmt: skip
    if look.wrinkle > 0.1:
        for s in (-1, 1):
            x = middle + shift + s * r * 0.06
            c.line(
                np.array([[x, eye_y - r * 0.24], [x - s * r * 0.01, eye_y - r * 0.05]]), 4, 92, 2, 0.8 * look.wrinkle
            )
        for k in range(2):
            y = eye_y + r * (0.06 + 0.08 * k)
            c.line(
                _bow(middle + shift - r * 0.1, y, middle + shift + r * 0.1, y, r * 0.03), 3, 112, 2, 0.6 * look.wrinkle
            )

    # Nose: a lit ridge, shaded flanks, nostrils.
    nose_y = top + r * (0.34 - 0.03 * look.wrinkle)
    c.line(np.array([[middle + shift * 1.1, eye_y], [middle + shift * 1.35, nose_y - r * 0.05]]), r * 0.12, 206, 6, 0.6)
    for s in (-1, 1):
        c.line(np.array([[middle + shift * 1.1 + s * r * 0.12, eye_y], [middle + shift * 1.3 + s * r * 0.16, nose_y]]),
               r * 0.07, 132, 6, 0.55)  # fmt: skip
        c.ellipse(middle + shift * 1.3 + s * r * 0.085, nose_y + r * 0.035, r * 0.055, r * 0.032, 62, 2.2)
    c.line(
        _bow(middle + shift * 1.3 - r * 0.18, nose_y, middle + shift * 1.3 + r * 0.18, nose_y, -r * 0.09),
        3,
        120,
        2.5,
        0.7,
    )

    # Mouth.
    mouth_y = top + r * 0.7
    half = r * 0.33 * (1 + 0.4 * look.wide)
    rise, gap, raised = r * 0.16 * look.corners, r * 0.2 * look.open, r * 0.07 * look.lip
    x0, x1 = middle + shift - half * (1 - 0.2 * max(0.0, -turn)), middle + shift + half * (1 - 0.2 * max(0.0, turn))
    corner = mouth_y - rise
    upper = _bow(x0, corner, x1, corner, gap * 0.75 + raised - rise)
    lower = _bow(x0, corner, x1, corner, -gap * 1.2 - rise)
    thick = r * 0.075
    c.line(upper - np.array([0, thick * 0.4]), thick, 118, 2.2, 0.85)
    c.line(lower + np.array([0, thick * 0.6]), thick * 1.15, 132, 2.4, 0.8)
    if look.open > 0.08:
        inside = np.concatenate([upper, lower[::-1]])
        c.area(inside, 36, 1.6)
        if look.teeth > 0.05:
            depth = gap * (1.5 if look.corners > 0 else 1.0)
            teeth = np.concatenate([upper, (upper + np.array([0, depth]))[::-1]])
            bite = np.zeros((SIDE, SIDE), np.float32)
            cv2.fillPoly(bite, [np.round(teeth * 16).astype(np.int32)], INK, cv2.LINE_AA, 4)
            within = np.zeros((SIDE, SIDE), np.float32)
            cv2.fillPoly(within, [np.round(inside * 16).astype(np.int32)], INK, cv2.LINE_AA, 4)
            c.lay(_soft(bite * within, 1.4), 226, look.teeth)
    else:
        c.line(upper, 4, 62, 1.6, 0.95)
    for s, x in ((-1, x0), (1, x1)):
        c.ellipse(x + s * 2, corner, r * 0.03, r * 0.03, 84, 3, strength=0.8)
    c.ellipse(middle + shift, mouth_y + gap * 1.2 + r * 0.17, r * 0.18, r * 0.05, 124, 6, strength=0.45)

    if look.chin > 0.05:
        left, right, y = middle + shift - r * 0.2, middle + shift + r * 0.2, top + r * 0.93
        c.line(_bow(left, y, right, y, r * 0.06), 6, 96, 3, 0.8 * look.chin)
        for k in (-1, 0, 1):
            c.ellipse(middle + shift + k * r * 0.08, top + r * (1.04 + 0.02 * abs(k)), r * 0.025, r * 0.03, 120, 3,
                      strength=0.7 * look.chin)  # fmt: skip

    # Hair: a cap with a ragged edge.
    hair = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(
        hair,
        (round(middle), round(top - r * 0.1)),
        (round(r * 1.08), round(r * 1.3)),
        0,
        180,
        360,
        INK,
        -1,
        cv2.LINE_AA,
    )
    face = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(
        face,
        (round(middle + shift * 0.6), round(top + r * 0.12)),
        (round(r * 0.93), round(r * 0.98)),
        0,
        0,
        360,
        INK,
        -1,
    )
    hair = np.clip(hair - _soft(face, 4), 0, 1)
    c.lay(_soft(hair, 2), 44)
    mask = np.maximum(np.maximum(outline, hair), np.maximum(neck, _soft(shoulders, 1)))
    return np.clip(c.shades, 0, 255).astype(np.uint8), _soft(np.asarray(mask, np.float32), 1.2)
