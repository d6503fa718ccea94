"""The household's music on the page: where songs lie, how they are found, and how a person corrects them."""

import random
import sqlite3
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import events, places
from appliance.library.entry import Entry, Progress
from appliance.rack import Rack, Track
from appliance.rulebook import Rulebook
from appliance.web import atlas
from appliance.web.atlas import Atlas
from appliance.web.house import House
from appliance.web.intake import Intake
from appliance.web.labels import Labels
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.pictures import picture
from tests.web.stage import OWN, Catalogue, Stage


def song(uri: str, valence: float | None = None, energy: float | None = None, by_hand: bool = False) -> Entry:
    return Entry(uri, uri, language="ko", rank_valence=valence, rank_energy=energy, by_hand=by_hand)


SHELF = (
    song("folk/hana/03 Morning Light.flac", 0.8, 0.6),
    song("folk/hana/04 - Over the Hill.flac", 0.9, 0.9),
    song("rest/밤의 노래.mp3", -0.7, -0.8),
    song("unheard.ogg"),
)


@pytest.fixture
def catalogue(house: House) -> Catalogue:
    house.catalogue = kept = Catalogue(*SHELF)
    return kept


def test_a_song_without_a_title_is_named_as_its_file_is_without_number_and_ending() -> None:
    names = ("a/03 Morning Light.flac", "a/04 - Over.flac", "1979.mp3", "x", "2-01_Tea.ogg")
    assert [events.Song(uri).name for uri in names] == ["Morning Light", "Over", "1979", "x", "Tea"]
    assert events.Song("a/03 x.flac", title="03 Bonnie & Clyde").name == "03 Bonnie & Clyde"


def test_every_place_lies_in_one_of_sixteen_fields() -> None:
    corners = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (0.0, 0.0), (-0.01, -0.01), (np.nan, np.nan)]
    assert atlas.fields(np.array(corners, np.float32)).tolist()[:-1] == [0, 3, 12, 15, 10, 5, atlas.NOWHERE]
    fields = Atlas(Catalogue(*SHELF).chart()).cells
    assert sum(one.songs for one in fields) == 3 and fields[15].songs == 2
    assert (fields[15].across, fields[15].up, fields[15].row) == ("bright", "lively", 0)


def test_a_large_library_is_drawn_by_some_of_its_songs_and_by_all_that_a_person_placed() -> None:
    many = [song(f"{i}.mp3", 0.1, 0.1, by_hand=i % 1000 == 1) for i in range(20_000)]
    drawn = Atlas(Catalogue(*many).chart()).drawn
    assert atlas.DOTS - 20 <= len(drawn) <= atlas.DOTS + 20 and sum(dot.by_hand for dot in drawn) == 20


def test_songs_are_found_by_words_or_by_field(phone: FlaskClient, catalogue: Catalogue) -> None:
    text = phone.get("/songs?q=HANA light").text
    assert ">Morning Light</a>" in text and ">Over the Hill</a>" not in text
    text = phone.get("/songs?field=15").text
    assert ">Morning Light</a>" in text and ">Over the Hill</a>" in text and "밤의 노래" not in text
    assert "밤의 노래" in phone.get("/songs?q=밤").text
    for nonsense in ("?q=nowhere", "?field=99", "?field=-1", "?field=٣", "?field=x&q=zzz"):
        assert phone.get(f"/songs{nonsense}").status_code == 200
    assert "No song found." in phone.get("/songs?q=nowhere").text


def test_songs_go_by_their_tags_where_there_are_any(phone: FlaskClient, catalogue: Catalogue, house: House) -> None:
    tagged = events.Song(SHELF[0].uri, title="Jóga", artist="Björk", album="Homogenic")
    house.labels = Labels(lambda: Rack((Track(tagged),)))
    for words in ("bjork", "JOGA homogenic", "bjo\u0308rk joga", "hana joga"):
        text = phone.get("/songs", query_string={"q": words}).text
        assert ">Jóga</a>" in text and ">Björk</span>" in text and "Over the Hill" not in text, words
    assert "No song found." in phone.get("/songs?q=joga hill").text
    assert ">Over the Hill</a>" in phone.get("/songs?q=hill").text
    text = phone.get("/songs/song", query_string={"uri": tagged.uri}).text
    assert "<h1>Jóga</h1>" in text and "Björk · folk/hana · ko" in text


def test_a_search_made_before_the_library_is_read_is_not_the_last_word(
    phone: FlaskClient, catalogue: Catalogue, house: House
) -> None:
    read = [Rack()]
    house.labels = Labels(lambda: read[-1])
    assert "No song found." in phone.get("/songs?q=homogenic").text
    read.append(Rack((Track(events.Song(SHELF[0].uri, title="Jóga", album="Homogenic")),)))
    assert ">Jóga</a>" in phone.get("/songs?q=homogenic").text


def test_a_korean_name_is_found_however_its_file_composes_it(phone: FlaskClient, house: House) -> None:
    house.catalogue = Catalogue(song(unicodedata.normalize("NFD", "rest/밤의 노래.mp3")))
    assert "mp3" in phone.get("/songs", query_string={"q": "노래"}).text


def test_a_correction_is_kept_shown_and_can_be_taken_back(phone: FlaskClient, catalogue: Catalogue) -> None:
    uri = SHELF[2].uri
    told = phone.post("/songs/place", data={"uri": uri, "valence": "0.5", "energy": "-0.25"}, headers=OWN)
    assert told.status_code == 303
    text = phone.get(told.location).text
    assert "Somebody here placed it." in text and 'value="0.5"' in text and 'value="-0.25"' in text
    assert phone.post("/songs/place", data={"uri": uri, "back": "yes"}, headers=OWN).status_code == 303
    assert "I placed it by listening." in phone.get(told.location).text
    for wrong in ({"uri": uri}, {"uri": uri, "valence": "nan", "energy": "0"}):
        assert phone.post("/songs/place", data=wrong, headers=OWN).status_code == 400
    assert (
        phone.post(
            "/songs/place", data={"uri": "../../etc/passwd", "valence": "0", "energy": "0"}, headers=OWN
        ).status_code
        == 404
    )
    assert phone.get("/songs/song?uri=nowhere").status_code == 404


def test_a_card_that_refuses_a_correction_is_told_of_and_takes_the_next(
    phone: FlaskClient, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(uri: str, valence: float, energy: float) -> None:
        raise sqlite3.OperationalError("disk is full")

    sent = {"uri": SHELF[0].uri, "valence": "0", "energy": "0"}
    with monkeypatch.context() as broken:
        broken.setattr(catalogue, "correct", full)
        told = phone.post("/songs/place", data=sent, headers=OWN)
        assert told.status_code == 503 and "Nothing was changed" in told.text and "disk" not in told.text
    assert phone.post("/songs/place", data=sent, headers=OWN).status_code == 303


def test_how_far_the_listening_has_come_is_told(phone: FlaskClient, house: House) -> None:
    assert phone.get("/songs").text.count("I have not listened to your songs yet.") == 1
    house.catalogue = Catalogue(*SHELF, progress=Progress(1, 4, 5400.0, (("bad.mp3", "it is cut off"),)))
    text = phone.get("/songs").text
    assert "I have listened to 1 of 4 songs. About 1 h 30 min left." in text and "it is cut off" in text
    house.catalogue = Catalogue(*SHELF, progress=Progress(1, 4))
    assert "How long the rest takes I cannot tell yet." in phone.get("/songs").text


def test_the_households_rules_can_be_read(phone: FlaskClient, house: House) -> None:
    house.rules = Rulebook((places.DEFAULTS / "moods.toml",), Path("/nowhere"))
    assert "Singer-Songwriter" in phone.get("/songs").text


def test_an_older_page_never_shows_what_was_before_a_correction(phone: FlaskClient, catalogue: Catalogue) -> None:
    assert catalogue.edition() == 1 and phone.get("/songs?field=0").text.count("밤의 노래") == 1
    catalogue.correct(SHELF[2].uri, 0.9, 0.9)
    assert "밤의 노래" not in phone.get("/songs?field=0").text


def test_languages_are_chosen_by_one_tap_each_and_none_means_all(
    phone: FlaskClient, catalogue: Catalogue, house: House
) -> None:
    def tap(language: str) -> object:
        code = phone.post("/songs/language", data={"language": language}, headers=OWN).status_code
        return house.settings.values()["choice.languages"] if code == 303 else code

    assert 'href="/songs#h-sung"' in phone.get("/").text, "it lies beside the goal"
    assert "<span>Korean (4)</span>" in phone.get("/songs").text
    assert tap("ko") == "ko"
    assert 'value="ko" class="chip" aria-pressed="true"' in phone.get("/songs").text
    assert tap("xx") == 400 and tap("ko") == "" and tap("ko") == "ko" and tap("") == ""


def test_two_phones_that_add_one_language_both_get_it(phone: FlaskClient, catalogue: Catalogue, house: House) -> None:
    """The second tap meant what its page showed, not the other way round."""
    for shown, wanted in (("", "ko"), ("", "ko"), ("ko", ""), ("ko", "")):
        phone.post("/songs/language", data={"language": "ko", "shown": shown}, headers=OWN)
        assert house.settings.values()["choice.languages"] == wanted


def test_a_library_of_unknown_languages_says_so(phone: FlaskClient, house: House) -> None:
    house.catalogue = Catalogue(*(replace(one, language="") for one in SHELF))
    assert "I know of no song yet in which language it is sung." in phone.get("/songs").text


@browsing
def test_a_finger_finds_a_song_and_puts_it_where_it_belongs(
    serve: Serve, open_tab: Open, stage: Stage, until: Until, tmp_path: Path
) -> None:
    page = serve()
    dice = random.Random(5)
    across = [(dice.uniform(-1, 1), dice.triangular(-1, 1)) for _ in range(90)]
    more = [song(f"shelf/Evening {i}.flac", *at) for i, at in enumerate(across) if max(at) > -0.4]
    page.house.catalogue = kept = Catalogue(*SHELF, *more, progress=Progress(78, 92, 420.0))
    page.house.intake = Intake(lambda: tmp_path)
    tab = open_tab(page, "/songs")
    picture(tab, "songs")
    tab.get_by_role("button", name="Look for new songs").tap()
    until(lambda: stage.posted == [events.Rescan()])
    tab.get_by_role("link", name="gloomy, still. Songs: 1").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="밤의 노래").tap()
    plane = tab.locator("svg.finger")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    assert box
    tab.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.7)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=4)
    tab.mouse.up()
    expect(tab.get_by_label("From still to lively")).to_have_value("0")
    tab.get_by_label("From gloomy to bright").fill("0.4")
    tab.get_by_role("button", name="It lies here").tap()
    expect(tab.get_by_text("Somebody here placed it.")).to_be_visible()
    placed = kept.entries()[SHELF[2].uri]
    assert (placed.rank_valence, placed.rank_energy, placed.by_hand) == (0.4, 0.0, True)
