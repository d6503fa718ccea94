"""What kind of picture a frame is, before anybody looks for faces in it: dark, covered, changed. Pure."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from firmware.settings import LightSettings

Grey = NDArray[np.uint8]
COLUMNS, ROWS = 40, 30  # a look this coarse has no noise of the sensor left in it
STIR_ONE, STIR_ALL = 5.0, 1.0  # grey levels by which one patch, or all on average, may drift in a still picture


@dataclass(frozen=True)
class Light:
    """A frame at its coarsest."""

    patches: Grey
    brightness: float
    contrast: float


def measure(frame: Grey) -> Light:
    patches = np.asarray(cv2.resize(frame, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), np.uint8)
    return Light(patches, float(patches.mean()) / 255, float(patches.std()) / 255)


def condition(light: Light, settings: LightSettings) -> Literal["dark", "covered", "clear"]:
    """Dark before covered: a lid that lets no light through cannot be told from night."""
    if light.brightness < settings.dark:
        return "dark"
    return "covered" if light.contrast < settings.flat * light.brightness else "clear"


def still(before: Light, after: Light) -> bool:
    """Whether nothing worth a search happened between two frames."""
    if before.patches.shape != after.patches.shape:
        return False
    drift = np.abs(before.patches.astype(np.int16) - after.patches.astype(np.int16))
    return bool(drift.max() <= STIR_ONE and drift.mean() <= STIR_ALL)
