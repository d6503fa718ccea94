"""What fits which mood, made by the household: one mood's rule at a time, with what the library offers for it."""

from collections.abc import Mapping, Sequence

from flask import Flask, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.rules import Rule
from appliance.web.house import House
from appliance.web.needs import Fault
from appliance.web.speech import speak
from appliance.web.view import NAMES
from appliance.web.words import Words, word

KINDS: Mapping[str, tuple[str, str]] = {
    "playlists": (word("Playlists"), word("Playlists stored in the music server.")),
    "folders": (word("Folders"), word("Folders of the music, wherever they lie.")),
    "genres": (word("Genres"), word("A genre is a guess, so it counts least.")),
    "tags": (word("Tags"), word("Words in the songs’ mood, grouping or comment.")),
}
Names = Mapping[str, Sequence[str]]


def put(app: Flask, house: House) -> None:
    @app.get("/rules/<mood>")
    def ruling(mood: str) -> str:
        return page(mood, plain(rule(mood)), ())

    @app.post("/rules/<mood>")
    def rule_change(mood: str) -> Answer:
        """This mood's rule replaced as a whole, or given back as it was delivered."""
        rule(mood)
        sent = read()
        back = request.form.get("back") == "yes"
        if not back and "sent" not in request.form:
            abort(400)  # half a form would empty the rule
        faults = [meant(fault, g.words) for fault in house.rules.write({mood: None if back else sent})]
        if faults:
            return make_response(page(mood, sent, tuple(dict.fromkeys(faults))), 422)
        return redirect(url_for("ruling", mood=mood, kept="yes"), 303)

    def rule(mood: str) -> Rule:
        return next((one for name, one in house.rules.read().items() if name == mood), None) or abort(404)

    def page(mood: str, names: Names, faults: Sequence[str]) -> str:
        """One mood's rule; with faults, what was filled in stays."""
        kept, delivered = rule(mood), house.rules.delivered()
        offered = house.offers()
        return speak(
            "rule.html",
            mood=mood,
            kinds=KINDS,
            names=names,
            offered={kind: left(getattr(offered, kind, {}), names[kind]) for kind in KINDS},
            faults=faults,
            songs=house.fitting(kept),
            changed=all(kept != one for name, one in delivered.items() if name == mood),
            here="songs",
        )


def meant(fault: Fault, say: Words) -> str:
    """A fault as a person at a phone needs it; the book's own text is for whoever edits its file."""
    if not fault.key:
        return say(word("The card is full or refused. Nothing was changed."))
    label = KINDS.get(fault.key.partition(".")[2])
    if label is None:
        return say(word("This cannot be taken."))
    return say(word("{kind}: too many names, or one that is too long."), kind=say(label[0]))


def told(fault: Fault, say: Words) -> tuple[str, str]:
    """The same where no mood's own page is open: what it is about, and what is wrong."""
    mood = fault.key.partition(".")[0]
    return say(NAMES.get(mood, mood) or word("What fits which mood")), meant(fault, say)


def plain(rule: Rule) -> Names:
    return {kind: getattr(rule, kind) for kind in KINDS}


def read() -> dict[str, list[str]]:
    """The names that stay ticked, and those that were written in."""
    written = {kind: request.form.get(f"{kind}.more", "").split(",") for kind in KINDS}
    ticked = {kind: request.form.getlist(kind) for kind in KINDS}
    return {kind: [name.strip() for name in (*ticked[kind], *written[kind]) if name.strip()] for kind in KINDS}


def left(offered: Mapping[str, int], taken: Sequence[str]) -> Mapping[str, int]:
    """What is offered and not yet taken."""
    known = {name.casefold() for name in taken}
    return {name: songs for name, songs in offered.items() if name.casefold() not in known}
