"""Neither half shares its sums out among cores: workers that wait for more cost what a battery or a fan must pay."""

import subprocess
import sys

import pytest

from tests.speaker import ROOT

COUNTED = "print(len(os.listdir('/proc/self/task')))"
SEEING = """
import os
from firmware.actor import Actor, Scene, Stage
from firmware.faces import Faces
from firmware.settings import CameraSettings, FacesSettings

import numpy as np

Faces(FacesSettings()).survey(Actor(CameraSettings(width=640, height=480), Stage(Scene())).read())
np.ones((600, 600)) @ np.ones((600, 600))
"""
SPEAKING = """
import os
from appliance.recommender import affinity

import numpy as np

np.ones((600, 600)) @ np.ones((600, 600))
"""


@pytest.mark.parametrize("half", [SEEING, SPEAKING])
def test_a_half_computes_on_one_core(half: str) -> None:
    words = [sys.executable, "-c", half + COUNTED]
    assert int(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout) == 1
