"""Songs placed by the songs that people judged."""

import numpy as np
import pytest

from appliance.library.mapping import Judged, Kernels

KERNELS = Kernels(features=0.45, embedding=0.35, share=0.7, noise=0.07)


def test_each_song_is_placed_by_the_others_as_if_nobody_had_judged_it() -> None:
    """What the kernels are chosen by holds no song's own judgement."""
    dice = np.random.default_rng(3)
    features, embedding = dice.normal(size=(60, 9)), dice.normal(size=(60, 4))
    places, unsure = features[:, 0] + embedding[:, 0] + dice.normal(0, 0.2, 60), dice.uniform(0.5, 2, 60)
    told, doubts = Judged(features, embedding, places, KERNELS, unsure).by_the_others()
    for song in range(0, 60, 7):
        rest = np.arange(60) != song
        left = Judged(features[rest], embedding[rest], places[rest], KERNELS, unsure[rest])
        place, doubt = left.place(features[[song]], embedding[[song]])
        assert told[song] == pytest.approx(place[0], abs=0.02 * places.std())
        assert doubts[song] == pytest.approx(doubt[0], rel=0.03)
