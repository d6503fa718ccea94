"""What the page's routes share: the other rooms, and the web's own edge state."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from appliance.budget import Budget
from appliance.rules import Rule
from appliance.web.door import Door
from appliance.web.intake import Intake
from appliance.web.labels import Labels
from appliance.web.live import Pulse
from appliance.web.needs import (
    Catalogue,
    Finding,
    History,
    Log,
    Look,
    NoCatalogue,
    NoPursuits,
    NoRules,
    Post,
    Pursuits,
    Rules,
    Settings,
)
from appliance.web.offers import Offers
from appliance.web.phones import Phones
from appliance.web.seal import Seal
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
    seal: Seal | None = None
    """Where HTTPS is to be had: what the box proves itself by."""
    music: str = ""
    """Where the box's own sound can be heard, if the page shall play it."""
    pursuits: Pursuits = field(default_factory=NoPursuits)
    catalogue: Catalogue = field(default_factory=NoCatalogue)
    rules: Rules = field(default_factory=NoRules)
    labels: Labels = field(default_factory=Labels)
    offers: Callable[[], Offers] = Offers
    """What the library has that a rule can name."""
    fitting: Callable[[Rule], int | None] = lambda rule: None
    """How many songs a rule speaks for; None where no library is read yet."""
    intake: Intake = field(default_factory=lambda: Intake(lambda: None))
    """Where music from a phone goes."""
    cover: Callable[[str], tuple[str, bytes] | None] = lambda uri: None
    """A song's cover, as its kind and its bytes."""
    judge: Judge = by_look
    """What a picture shows, by a process that lives for it alone."""
    examine: Callable[[], Sequence[Finding]] = lambda: ()
    """Everything that the box stands on, looked at now: this takes seconds."""
    logs: Callable[[], Sequence[Log]] = lambda: ()
    """What the logs have of the last hour."""
    versions: Callable[[], Mapping[str, str]] = dict
    restart: Callable[[], None] | None = None
    """Ends this half, where something starts it again."""
    words: Mapping[str, Words] = field(default_factory=library)
    friends: Budget = field(default_factory=lambda: Budget(rate=200, burst=400))
    strangers: Budget = field(default_factory=lambda: Budget(rate=10, burst=60))
    sheets: Budget = field(default_factory=lambda: Budget(rate=50, burst=400))
    """Stylesheet, script and icons, for anybody."""
    knocks: Budget = field(default_factory=lambda: Budget(rate=1 / 60, burst=6))
    streams: list[int] = field(default_factory=list)
    """One entry for each open stream: appending and removing are whole steps for any thread."""

    @property
    def https(self) -> str:
        """off, beside plain HTTP, or only. A change holds from the next request on."""
        return str(self.settings.values().get("page.https", "off")) if self.seal else "off"
