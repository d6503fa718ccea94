"""Drawn frames for tests."""

from firmware.actor import Actor, Scene, Stage
from firmware.camera import Grey
from firmware.settings import CameraSettings


def shots(scene: Scene, count: int = 1, settings: CameraSettings | None = None) -> list[Grey]:
    """So many frames of one scene, with the actor's sway and noise."""
    actor = Actor(settings or CameraSettings(), Stage(scene))
    return [actor.read() for _ in range(count)]
