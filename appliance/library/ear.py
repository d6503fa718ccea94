"""Listening to one file: decode, count, ask the network. What comes back is all that is ever kept of the sound."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from appliance.library import tags
from appliance.library.decode import patches
from appliance.library.features import features
from appliance.library.fingerprint import fingerprint
from appliance.library.mapping import Mapping, Told
from appliance.library.network import Network
from appliance.library.spectrum import Floats


@dataclass(frozen=True)
class Heard:
    print: bytes
    duration: float
    features: Floats
    embedding: Floats | None
    traits: Floats
    place: Told
    tags: tags.Tags


class Ear:
    """`network` None, or another than the mapping was made with: the plain features place the song alone."""

    def __init__(self, mapping: Mapping, network: Network | None) -> None:
        self.mapping = mapping
        self.network = network if network is not None and network.fingerprint == mapping.network else None

    @property
    def fingerprints(self) -> tuple[str, str]:
        """Of the network, empty where none is asked, and of the mapping."""
        return self.network.fingerprint if self.network else "", self.mapping.fingerprint

    def hear(self, file: Path, duration: float | None = None) -> Heard:
        """Raises Unreadable."""
        written = tags.read(file)
        length = duration or written.duration
        sound = patches(file, length)
        numbers, bands = features(sound)
        embedding = np.asarray(self.network.listen(bands).mean(0), np.float32) if self.network else None
        return Heard(
            fingerprint(bands),
            length or 0.0,
            numbers,
            embedding,
            self.mapping.traits(numbers),
            self.mapping.place(numbers, embedding),
            written,
        )
