"""What the box remembers: the diary, and its export."""

from flask import Flask, Response

from appliance.web import diary
from appliance.web.house import House
from appliance.web.speech import speak

DAY = 24 * 3600.0


def put(app: Flask, house: House) -> None:
    @app.get("/diary")
    def book() -> str:
        now = house.wall()
        week = list(house.history.recent("mood", now - 7 * DAY))
        return speak(
            "diary.html",
            day=diary.marks(week, now - DAY, now),
            week=diary.marks(week, now - 7 * DAY, now),
            moods=[row for row in week if row.at >= now - DAY][-60:],
            songs=list(house.history.recent("played", now - DAY))[-60:],
            path=diary.path,
            now=now,
            here="diary",
        )

    @app.get("/diary.csv")
    def export() -> Response:
        rows = [row for kind in diary.KINDS for row in house.history.recent(kind, 0.0)]
        text = diary.table(sorted(rows, key=lambda row: row.at))
        return Response(text, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=mien.csv"})
