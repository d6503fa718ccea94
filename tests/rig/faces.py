"""Drawn faces that the network is sure of, as this PC sees them: what a box elsewhere is to say of the same."""

from firmware.actor import Actor, Stage
from firmware.expression import MODEL, Network
from firmware.glance import Glancer
from firmware.settings import CameraSettings, Settings
from firmware.wire import EXPRESSIONS, Expression

SURE = 0.8
"""A face that the network tells with less is none to judge a box by."""


def clear() -> dict[str, Expression]:
    """Orders to the actor, and what the network says of each; never two of which it says the same."""
    network = Network(MODEL)
    told: dict[str, Expression] = {}
    for order in EXPRESSIONS:
        stage = Stage()
        stage.order(order)
        actor, glancer = Actor(CameraSettings(), stage), Glancer(Settings(), network)
        for moment in range(4):
            glance = glancer.judge(actor.read(), float(moment))
        for face in glance.faces:
            best = EXPRESSIONS[face.scores.index(max(face.scores))]
            if max(face.scores) >= SURE and best not in told.values():
                told[order] = best
    return told
