"""What fits which mood, made by the household: one mood's rule at a time, with what the library offers for it."""

import threading
from collections.abc import Mapping, Sequence

from flask import Flask, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.rulebook import once
from appliance.rules import Rule
from appliance.web.house import House
from appliance.web.imprint import SOONER, imprint, stale
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
    one = threading.Lock()  # nobody changes a rule between the look at it and the keeping

    @app.get("/rules/<mood>")
    def ruling(mood: str) -> str:
        return page(mood, plain(rule(mood)), ())

    @app.post("/rules/<mood>")
    def rule_change(mood: str) -> Answer:
        """This mood's rule replaced as a whole, or given back as it was delivered; not over another's change."""
        rule(mood)
        sent = read()
        back = request.form.get("back") == "yes"
        if not back and "sent" not in request.form:
            abort(400)  # half a form would empty the rule
        made = request.form.get("made", "")
        with one:
            stands = plain(rule(mood))
            if stale(made, kept_as(stands)) and (back or kept_as(sent) != kept_as(stands)):
                return make_response(page(mood, sent, (), sooner=True), 409)
            faults = [meant(fault, g.words) for fault in house.rules.write({mood: None if back else sent})]
        if faults:
            return make_response(page(mood, sent, tuple(dict.fromkeys(faults)), made), 422)
        return redirect(url_for("ruling", mood=mood, kept="yes"), 303)

    def rule(mood: str) -> Rule:
        return next((one for name, one in house.rules.read().items() if name == mood), None) or abort(404)

    def page(mood: str, names: Names, faults: Sequence[str], made: str = "", sooner: bool = False) -> str:
        """One mood's rule; what was filled in stays: with faults, and where somebody else was `sooner`."""
        kept, delivered = rule(mood), house.rules.delivered()
        stands, offered = plain(kept), house.offers()
        others = {kind: missing(stands[kind], names[kind]) if sooner else () for kind in KINDS}
        taken = {kind: (*names[kind], *others[kind]) for kind in KINDS}
        return speak(
            "rule.html",
            mood=mood,
            kinds=KINDS,
            names=names,
            stands={kind: stands[kind] for kind in KINDS if sooner and kept_as(stands)[kind] != kept_as(names)[kind]},
            others=others,
            offered={kind: left(getattr(offered, kind, {}), taken[kind]) for kind in KINDS},
            made=made or imprint(kept_as(stands)),
            sooner=SOONER if sooner else "",
            faults=faults,
            songs=house.fitting(kept),
            changed=all(kept != one for name, one in delivered.items() if name == mood),
            here="songs",
        )


def kept_as(names: Names) -> dict[str, list[str]]:
    """The names as a rule keeps them, in an order of their own: two rules are the same if these are."""
    return {kind: sorted(once(names[kind])) for kind in KINDS}


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
    return {name: offered[name] for name in missing(tuple(offered), taken)}


def missing(names: Sequence[str], among: Sequence[str]) -> Sequence[str]:
    """Those that are not among the others, however they are spelt."""
    known = {name.casefold() for name in among}
    return [name for name in names if name.casefold() not in known]
