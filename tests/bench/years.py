"""A long life, simulated: `python -m tests.bench.years [HOURS]` turns the clock; its table goes to docs/long-life.md.

The real session, the real chooser on a real MPD's library, and the real history, in a household that comes and goes,
changes its mood, its songs and its mind, closes the shutter, loses its camera and its music server. Nothing may grow
but the history's rows, and what is known of each song.
"""

import gc
import pickle
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from appliance.commands import Choose, Command, Remember
from appliance.events import (
    Asked,
    Chosen,
    Event,
    EyeLink,
    EyeSaid,
    GoalSet,
    Hand,
    JukeboxLink,
    MoodPicked,
    QuietHours,
    Rated,
    Tick,
)
from appliance.history import History
from firmware import wire
from tests.appliance.living_room import LivingRoom
from tests.bench.choosing import Choosing, choosing

PAGE = Path(__file__).resolve().parents[2] / "docs" / "long-life.md"
HEAD = "| hours | commands an hour | rows an hour | history, KB | session, bytes | objects in memory | memory, MB |"
HOUR, DAY, EPOCH = 3600.0, 86400.0, 1.8e9
MOODS = wire.EXPRESSIONS


@dataclass(frozen=True)
class Measure:
    """What stood at the end of some hours, and what those hours brought."""

    hours: float
    commands: float
    rows: float
    file: int
    session: int
    objects: int
    memory: float

    def row(self) -> str:
        return (
            f"| {self.hours:.0f} | {self.commands:.0f} | {self.rows:.1f} | {self.file / 1024:.0f} "
            f"| {self.session} | {self.objects} | {self.memory:.1f} |"
        )


class House(LivingRoom):
    """A living room whose history and chooser are real. What was said is counted, and not kept."""

    def __init__(self, history: History, choosing: Choosing) -> None:
        self.history, self.choosing = history, choosing
        self.commands = self.rows = 0
        super().__init__()

    def wait(self, seconds: float) -> None:
        """As in the living room, but an empty one is looked at half as often, as the eye does it."""
        if self.faces:
            return super().wait(seconds)
        for _ in range(round(seconds)):
            self.now += 1.0
            if self.looking:
                self.post(EyeSaid(wire.Glance(self.now, "nobody" if self.condition == "seen" else self.condition, 0.5)))
            self.post(Tick())
            song = self.player.song
            if self.player.state == "play" and song and self.now - self.began >= song.duration:
                self.next_song()
        return None

    def post(self, event: Event) -> list[Command]:
        given = super().post(event)
        for _, command in self.said:
            self.commands += 1
            if isinstance(command, Remember):
                self.rows += 1
                self.history.add(command)
                self.choosing.learned(command)
        self.said.clear()
        return given

    def answer(self, question: Choose) -> Chosen:
        """The shelf's songs are short ones; here each lasts as songs do."""
        chosen = self.choosing.answer(question, self.now)
        self.places += len(chosen.choices)
        lasting = (replace(one, song=replace(one.song, duration=self.length)) for one in chosen.choices)
        return replace(chosen, choices=tuple(lasting))


def hour(house: House, random: Random, clock: float) -> None:
    """One hour of a household's day; nights are empty, and sometimes things break."""
    awake = 7 <= clock / HOUR % 24 < 23
    house.post(QuietHours(not awake))
    left = HOUR
    while left > 0:
        spell = min(left, random.uniform(60.0, 900.0))
        left -= spell
        if not awake or random.random() < 0.35:
            house.nobody()
        else:
            house.somebody(random.choice(MOODS), number=random.randrange(1, 9000), size=random.uniform(0.15, 0.5))
        if awake:
            happening(house, random)
        house.wait(spell)


def happening(house: House, random: Random) -> None:
    """Now and then somebody does something, or something fails and comes back."""
    match random.choices(("nothing", "hand", "wish", "rate", "shutter", "camera", "eye", "server", "dark"),
                         (12, 2, 2, 2, 0.3, 0.3, 0.3, 0.3, 0.5))[0]:  # fmt: skip
        case "hand":
            hands = (Hand("skip", "page"), Hand("volume", "page", 40), Hand("pause", "page"), Hand("resume", "page"))
            house.post(random.choice(hands))
        case "wish":
            house.post(random.choice((Asked(), MoodPicked(random.choice(MOODS)), MoodPicked(None), GoalSet("calm"))))
        case "rate":
            house.post(Rated(random.choice((0, 1, 2))))
        case "shutter":
            house.post(EyeSaid(wire.Shutter(True)))
            house.looking = False
            house.wait(300.0)
            house.looking = True
            house.post(EyeSaid(wire.Shutter(False)))
        case "camera":
            house.post(EyeSaid(wire.Health("lost", "unplugged")))
            house.looking = False
            house.wait(120.0)
            house.looking = True
            house.post(EyeSaid(wire.Health("ok")))
        case "eye":
            house.post(EyeLink("down"))
            house.looking = False
            house.wait(30.0)
            house.looking = True
            house.post(EyeLink("up"))
            house.post(EyeSaid(wire.Hello(wire.VERSION, "feed")))
        case "server":
            house.post(JukeboxLink("down"))
            house.wait(60.0)
            house.post(JukeboxLink("up", songs=40))
            house.tell_player()
        case "dark":
            house.condition = "dark"
            house.wait(200.0)
            house.condition = "seen"


def live(hours: int, every: int, folder: Path, begin: float = 0.0, seed: int = 1, songs: int = 60) -> list[Measure]:
    """So many hours of one household from an hour of its day on, measured at every so many."""
    with choosing(EPOCH, songs) as chooser:
        return lived(hours, every, folder, begin, seed, chooser)


def lived(hours: int, every: int, folder: Path, begin: float, seed: int, chooser: Choosing) -> list[Measure]:
    random = Random(seed)
    began = [0.0]
    history = History(folder / "history.db", 3650, every=1e9, wall=lambda: EPOCH + began[0], sure=lambda: True)
    house = House(history, chooser)
    house.now += begin * HOUR
    measures, before = [], Counter[str]()
    for number in range(1, hours + 1):
        hour(house, random, house.now)
        began[0] = house.now
        history.flush()
        if number % every == 0:
            gc.collect()
            measures.append(
                Measure(
                    number,
                    (house.commands - before["commands"]) / every,
                    (house.rows - before["rows"]) / every,
                    (folder / "history.db").stat().st_size,
                    len(pickle.dumps(house.state)),
                    len(gc.get_objects()),
                    held(),
                )
            )
            before = Counter(commands=house.commands, rows=house.rows)
    return measures


def held() -> float:
    """MB that this process holds (RSS)."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmRSS"].split()[0]) / 1024


def table(measures: list[Measure]) -> str:
    return "\n".join([HEAD, "|---|---|---|---|---|---|---|", *(one.row() for one in measures)]) + "\n"


def put(page: str, head: str, fresh: str) -> str:
    """The page with the table that begins with `head` exchanged."""
    before, _, after = page.partition(head)
    lines = after.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if not line.startswith("|")), len(lines))
    return before + fresh + "\n".join(lines[end:])


def main(words: list[str]) -> int:
    hours = int(words[0]) if words else 100
    with tempfile.TemporaryDirectory(prefix="mien-years-") as folder:
        measures = live(hours, max(1, hours // 10), Path(folder))
    print(table(measures), end="")
    PAGE.write_text(put(PAGE.read_text("utf-8"), HEAD, table(measures)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
