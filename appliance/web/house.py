"""What the page's routes share: the other rooms, and the web's own edge state."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from appliance.web.door import Budget, Door
from appliance.web.live import Pulse
from appliance.web.needs import History, Look, Post, Settings
from appliance.web.phones import Phones
from appliance.web.sight import Judge, by_look
from appliance.web.words import Words, library


@dataclass
class House:
    look: Look
    post: Post
    settings: Settings
    history: History
    pulse: Pulse
    phones: Phones
    door: Door = field(default_factory=Door)
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    names: frozenset[str] = frozenset()
    trust_localhost: bool = False
    music: str = ""
    """Where the box's own sound can be heard, if the page shall play it."""
    judge: Judge = by_look
    """What a picture shows, by a process that lives for it alone."""
    words: Mapping[str, Words] = field(default_factory=library)
    friends: Budget = field(default_factory=lambda: Budget(rate=200, burst=400))
    strangers: Budget = field(default_factory=lambda: Budget(rate=10, burst=60))
    knocks: Budget = field(default_factory=lambda: Budget(rate=1 / 60, burst=6))
    streams: list[int] = field(default_factory=list)
    """One entry for each open stream: appending and removing are whole steps for any thread."""
