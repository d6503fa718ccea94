"""Some hundred and twenty plain numbers that tell a song's mood by its sound: numpy and nothing else. Pure.

They stand beside the network's and, on a box too small for it, alone. NAMES is their order everywhere.
"""

import numpy as np

from appliance.library.colour import colour
from appliance.library.decode import PATCH, Sound
from appliance.library.harmony import harmony
from appliance.library.rhythm import rhythm
from appliance.library.spectrum import Floats, mel, power
from appliance.library.swell import swell


def features(patches: Sound) -> tuple[Floats, Floats]:
    """The numbers in the order of NAMES, and the patches' mel power, which the network wants too."""
    spectra = np.stack([power(patch) for patch in patches])
    bands = mel(spectra)
    told = _told(patches, spectra, bands)
    return np.array([told[name] for name in sorted(told)], np.float32), bands


def names() -> tuple[str, ...]:
    """What each number is."""
    noise = np.random.default_rng(0).normal(0, 0.1, (1, PATCH)).astype(np.float32)
    spectra = np.stack([power(patch) for patch in noise])
    return tuple(sorted(_told(noise, spectra, mel(spectra))))


def _told(patches: Sound, spectra: Floats, bands: Floats) -> dict[str, float]:
    return colour(spectra, bands) | harmony(patches) | rhythm(bands) | swell(bands)
