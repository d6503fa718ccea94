"""What the box remembers: the diary, and its export."""

from datetime import datetime, timedelta

from flask import Flask, Response, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance import events
from appliance.web import diary, orders
from appliance.web.house import House
from appliance.web.picker import number
from appliance.web.speech import speak

DAY = 24 * 3600.0
MOST = 200
"""Lines of a table that a phone shows."""


def put(app: Flask, house: House) -> None:
    @app.get("/diary")
    def book() -> str:
        now = house.wall()
        said = request.args.get("day", "")
        chosen = diary.named(said)
        if said and chosen is None:
            abort(404)
        begin, end = diary.bounds(chosen) if chosen else (now - DAY, now)
        moods = [line for line in told(begin) if line.at < end]
        songs = [row for row in house.history.recent("played", begin) if row.at < end]
        lately = now - 7 * DAY
        return speak(
            "diary.html",
            chosen=chosen,
            today=datetime.fromtimestamp(now).date(),
            step=timedelta(days=1),
            day=diary.marks(moods, begin, end),
            moods=moods[-MOST:],
            songs=[(row.at, house.labels(row.song)) for row in songs[-MOST:]],
            week=() if chosen else diary.week(told(lately), list(house.history.recent("played", lately)), now),
            path=diary.path,
            here="diary",
        )

    def told(since: float) -> tuple[diary.Line, ...]:
        return diary.lines(house.history.recent("mood", since), house.history.recent("reading", 0.0))

    def line(said: str) -> diary.Line:
        """The mood that was settled on at this second."""
        at = number(said)
        near = () if at is None else [one for one in told(at - diary.NEAR) if abs(one.of - at) < diary.NEAR]
        return min(near, key=lambda one: abs(one.of - (at or 0.0)), default=None) or abort(404)

    @app.get("/diary/reading")
    def reading() -> str:
        return speak("reading.html", line=line(request.args.get("at", "")), here="diary")

    @app.post("/diary/reading")
    def was() -> Answer:
        """A person says what a mood of the past really was: kept with what was read then, and nothing else is."""
        found = line(request.form.get("at", ""))
        try:
            true = orders.mood(request.form, "true")
        except orders.Refused:
            abort(400)
        if not found.scores:
            abort(404)
        house.post(events.Relabelled(true, found.scores, found.of))
        return redirect(url_for("book", day=diary.local(found.at), kept="yes") + "#h-right", 303)

    @app.post("/diary/forget")
    def forget() -> Answer:
        """One day, or everything."""
        if request.form.get("all") == "yes":
            gone = house.history.forget_all()
            house.post(events.Unlearn())
        else:
            day = diary.named(request.form.get("day", ""))
            if day is None:
                abort(400)
            gone = house.history.forget(*diary.bounds(day))
        house.pulse.forget()
        if not gone:
            return make_response(speak("fault.html", text=g.words("The card refused. Nothing was forgotten yet.")), 503)
        return redirect(url_for("book", forgotten="yes"), 303)

    @app.get("/diary.csv")
    def export() -> Response:
        rows = [row for kind in diary.KINDS for row in house.history.recent(kind, 0.0)]
        text = diary.table(sorted(rows, key=lambda row: row.at))
        return Response(text, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=mien.csv"})
