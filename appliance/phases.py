"""Where a session stands, and what moves it on: the transition table.

Rules that govern the table:

* A face begins an *arrival*; only when it stays is somebody there. A passer-by leads back to *nobody*.
* *Watching* means somebody is there and the mood is not settled. A settled mood leads to *playing*, and a changed
  mood stays there: what changes is the music, at the song's end.
* An empty room leads to *leaving*: the music fades and waits. Whoever returns finds it going on. Whoever does not is
  forgotten, and the next face begins a new session.
* Darkness is not absence, and neither is a covered lens: only a room seen to be empty is empty.
* The shutter is stronger than everything: from any phase it leads to *closed*, and only its opening leads out.
  A lost camera, or a silent seeing half, leads to *blind* in the same way. Both come out through *starting*.
* *Asking* is silent. A word, a song or a smile is its answer; after ten minutes without, the box stays silent.
* Music is not a phase. It goes on in *closed* and *blind*; the conductor keeps that rule.

The diagram in docs/session.md is made from this table by `python -m appliance.diagram`.
"""

from typing import Literal, get_args

Phase = Literal[
    "starting", "nobody", "arriving", "watching", "playing", "leaving", "asking", "closed", "blind"
]  # fmt: skip
Signal = Literal[
    "empty", "face", "stayed", "passed", "settled", "changed", "away", "returned", "forgotten", "gave up",
    "answered", "unanswered", "shut", "opened", "lost", "found",
]  # fmt: skip
PHASES: tuple[Phase, ...] = get_args(Phase)
SIGNALS: tuple[Signal, ...] = get_args(Signal)

SEEING: tuple[Phase, ...] = ("starting", "nobody", "arriving", "watching", "playing", "leaving", "asking")
ALWAYS: tuple[tuple[Signal, Phase], ...] = (("shut", "closed"), ("lost", "blind"))

TABLE: dict[tuple[Phase, Signal], Phase] = {
    ("starting", "empty"): "nobody",
    ("starting", "face"): "arriving",
    ("starting", "away"): "leaving",
    ("nobody", "face"): "arriving",
    ("arriving", "passed"): "nobody",
    ("arriving", "stayed"): "watching",
    ("watching", "settled"): "playing",
    ("watching", "away"): "leaving",
    ("playing", "changed"): "playing",
    ("playing", "gave up"): "asking",
    ("playing", "away"): "leaving",
    ("asking", "answered"): "playing",
    ("asking", "unanswered"): "watching",
    ("asking", "away"): "leaving",
    ("leaving", "returned"): "watching",
    ("leaving", "forgotten"): "nobody",
    ("closed", "opened"): "starting",
    ("blind", "found"): "starting",
    ("blind", "shut"): "closed",
    **{(phase, signal): to for phase in SEEING for signal, to in ALWAYS},
}


def after(phase: Phase, signal: Signal) -> Phase | None:
    """The phase that this signal leads to; None where it means nothing."""
    return TABLE.get((phase, signal))
