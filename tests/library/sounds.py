"""Songs as a music server lists them and as an ear would tell of them, without a sound."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from appliance.library.catalogue import Catalogue
from appliance.library.ear import Ear, Heard
from appliance.library.listing import Listed, entry
from appliance.library.mapping import Mapping, Told
from appliance.library.register import Register
from appliance.library.tags import Tags

EAR = Ear(Mapping(), None)
WIDTH = 13
NO_TAGS = Tags()


def listed(uri: str, title: str = "", stamp: str = "1", seconds: float = 200.0, **more: Any) -> Listed:
    told = {"title": title, "artist": "Ada", "duration": str(seconds), "last-modified": stamp}
    return entry(uri, told | more)


def sounding(
    seed: int, valence: float = 0.0, energy: float = 0.0, seconds: float = 200.0, tags: Tags = NO_TAGS
) -> Heard:
    """What an ear would tell of the recording with this number."""
    rng = np.random.default_rng(seed)
    traits = rng.normal(0, 0.3, WIDTH)
    traits[0] = 1
    return Heard(
        rng.bytes(64),
        seconds,
        rng.normal(size=len(EAR.mapping.names)).astype(np.float32),
        None,
        (traits / np.linalg.norm(traits)).astype(np.float32),
        Told(valence, energy, 0.3, 0.3),
        tags,
    )


def hear_all(file: Path, sounds: dict[str, Heard]) -> list[str]:
    """One run of a listener to whom these files sound so. Which songs it heard."""
    register = Register(file)
    waiting = register.waiting(EAR)
    for song in waiting:
        register.heard(song, sounds[song.uri], EAR, 0.3)
    return [song.uri for song in waiting]


def shelf(file: Path, places: Sequence[tuple[float, float]]) -> Catalogue:
    uris = [f"{number:03}.flac" for number in range(len(places))]
    Register(file).take([listed(uri, uri) for uri in uris])
    hear_all(file, {uri: sounding(i, *places[i]) for i, uri in enumerate(uris)})
    return Catalogue(file)
