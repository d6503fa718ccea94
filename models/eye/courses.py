"""How long and how fast each network learns: the settings that differ between them, together."""

from dataclasses import dataclass

from models.eye.faces import SIDE


@dataclass(frozen=True)
class Course:
    epochs: int
    rate: float = 0.12  # peak of the learning rate, for SGD with Nesterov's momentum
    mix: float = 0.15  # share of batches in which faces are mixed in pairs
    growth: tuple[tuple[float, int], ...] = ((1.0, SIDE),)  # until which share of the epochs, faces of how many pixels


COURSES = {
    # from nothing, on votes: small faces first, an epoch of them costs half
    "teacher": Course(60, growth=((0.45, 32), (0.7, 40), (1.0, SIDE))),
    "student": Course(165, growth=((0.45, 32), (0.7, 40), (1.0, SIDE))),
    # a student's second life, from its own weights, on what its elders say of spoilt faces
    "pupil": Course(90, rate=0.08, mix=0.3, growth=((0.4, 40), (1.0, SIDE))),
}
