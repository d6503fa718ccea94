"""What the household made its own, as one file: taken along it comes back whole, and anything else changes nothing."""

import io
import tomllib
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from appliance import places
from appliance.pursuits import Pursuits
from appliance.rulebook import Rulebook
from appliance.rules import Rule
from appliance.web.house import House
from appliance.web.keepsake import Keepsake, Unreadable, pack, unpack
from tests.web.stage import OWN

TEA = {"name": "tea with grandmother", "valence": 0.4, "energy": -0.2, "words": ["slow", "tea"]}
RAIN = {"playlists": ["rain"], "folders": [], "genres": ["Folk"], "tags": []}


@pytest.fixture
def home(house: House, tmp_path: Path) -> House:
    """A house with a picker and rules of its own, each in its file."""
    house.pursuits = Pursuits(places.DEFAULTS / "pursuits.toml", tmp_path / "pursuits.toml")
    house.rules = Rulebook((places.DEFAULTS / "moods.toml",), tmp_path / "moods.toml")
    return house


def bring(phone: FlaskClient, content: bytes) -> tuple[int, str]:
    told = phone.post("/backup", data={"file": (io.BytesIO(content), "mien-settings.toml")}, headers=OWN)
    return told.status_code, told.text


def test_what_is_taken_along_comes_back_whole(phone: FlaskClient, house: House) -> None:
    assert not house.settings.change({"music.ceiling": 55, "quiet.begin": "21:30", "manners.absent": 300.0})
    taken = phone.get("/backup/mien-settings.toml")
    assert "attachment" in taken.headers["Content-Disposition"]
    before = dict(house.settings.values())
    assert not house.settings.change({"music.ceiling": 10, "quiet.begin": "20:00", "quiet.on": True})
    assert bring(phone, taken.data)[0] == 303
    assert house.settings.values() == before


def test_the_pickers_list_and_the_rules_come_back_too(phone: FlaskClient, home: House) -> None:
    """What was changed is back, and what was changed since is as it was: also a rule that stood as delivered."""
    delivered = home.rules.delivered()
    assert not home.pursuits.write([TEA]) and not home.rules.write({"sad": RAIN})
    taken = phone.get("/backup/mien-settings.toml").data
    assert not home.pursuits.write(()) and not home.rules.write({"sad": None, "happy": RAIN})
    assert bring(phone, taken)[0] == 303
    assert [one.name for one in home.pursuits.read()] == [TEA["name"]]
    assert home.pursuits.read()[0].words == ("slow", "tea")
    assert home.rules.read() == {**delivered, "sad": Rule(playlists=("rain",), genres=("Folk",))}


def test_an_older_file_is_still_read_and_leaves_list_and_rules_alone(phone: FlaskClient, home: House) -> None:
    assert not home.pursuits.write([TEA]) and not home.rules.write({"sad": RAIN})
    before = (home.pursuits.read(), home.rules.read())
    assert bring(phone, b"version = 1\n[music]\nceiling = 40\n")[0] == 303
    assert home.settings.values()["music.ceiling"] == 40
    assert (home.pursuits.read(), home.rules.read()) == before


def test_faults_in_list_and_rules_are_told_with_those_in_settings_and_nothing_is_changed(
    phone: FlaskClient, home: House
) -> None:
    before = (dict(home.settings.values()), home.pursuits.read(), home.rules.read())
    code, text = bring(
        phone,
        b'version = 2\n[music]\nceiling = 400\n[[pursuits]]\nname = "tea"\nvalence = 9\nenergy = 0.0\n'
        b'[[pursuits]]\nvalence = 0.0\nenergy = 0.0\n[rules.happy]\ntags = [""]\nshape = 3\n[rules.grumpy]\n',
    )
    assert code == 422
    for told in ("Never louder than this", "tea: ", "This name is empty", "happy: ", "Tags: too many", "grumpy: "):
        assert told in text, told
    assert (dict(home.settings.values()), home.pursuits.read(), home.rules.read()) == before
    assert bring(phone, pack(Keepsake({"music.ceiling": 33}, [TEA], {}), "a day").encode())[0] == 303
    assert home.settings.values()["music.ceiling"] == 33 and home.pursuits.read()[0].name == TEA["name"]


def test_a_card_that_refuses_in_the_middle_gets_back_what_was_there(
    phone: FlaskClient, home: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = pack(Keepsake({"music.ceiling": 33}, [TEA], {"sad": RAIN}), "a day").encode()
    before = (dict(home.settings.values()), home.pursuits.read(), home.rules.read())
    (tmp_path / "moods.toml.new").mkdir()  # in the way of the file that would be written
    code, text = bring(phone, taken)
    assert code == 422 and "The card is full or refused. Nothing was changed." in text
    assert (dict(home.settings.values()), home.pursuits.read(), home.rules.read()) == before
    (tmp_path / "moods.toml.new").rmdir()
    assert bring(phone, taken)[0] == 303 and home.rules.read()["sad"].playlists == ("rain",)


def test_the_file_is_one_that_a_person_can_read_and_holds_no_secret(phone: FlaskClient, home: House) -> None:
    assert not home.rules.write({"sad": RAIN})
    text = phone.get("/backup/mien-settings.toml").text
    told = tomllib.loads(text)
    assert told.pop("version") == 2
    assert [one["name"] for one in told.pop("pursuits")] == [one.name for one in home.pursuits.read()]
    assert told.pop("rules") == {"sad": RAIN}, "a rule as delivered stays with the edition that delivers it"
    assert {f"{section}.{name}" for section, keys in told.items() for name in keys} == set(home.settings.values())
    assert "password" not in text and "hash" not in text


def test_every_fault_is_told_at_once_and_nothing_is_changed(phone: FlaskClient, house: House) -> None:
    before = dict(house.settings.values())
    code, text = bring(
        phone,
        b'version = 1\n[music]\nceiling = 400\npassword = "x"\ncieling = 3\nfade_in = 2.0\n'
        b'[quiet]\nbegin = "late"\n[page]\nhost = "1.2.3.4"\n[nonsense]\na = 1\n',
    )
    assert code == 422
    for told in ("Never louder than this", "Quiet hours begin", "only root", "did you mean", "nonsense.a", "page.host"):
        assert told in text, told
    assert "known are" not in text, "the list of all keys is for whoever edits the file"
    assert text.count("<li>") - text.count("<li><a") >= 6
    assert house.settings.values() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[music]\nceiling = 3\n", b"version = 3\n[music]\nceiling = 3\n", b"version = 1\n", b"{}",
     b"version = 1\nmusic = 3\n", b"version = 2\npursuits = 3\n", b"version = 2\n[rules]\nsad = 3\n",
     b"version = 2\npursuits = [3]\n", b"version = 2\n[rules]\n", b"version = 1\n" + b"[" * 30_000,
     b"a = " + b"[" * 30_000],
)  # fmt: skip
def test_what_is_no_backup_is_refused_and_a_good_one_is_still_taken(
    phone: FlaskClient, home: House, content: bytes
) -> None:
    before = dict(home.settings.values())
    assert bring(phone, content)[0] == 422
    assert home.settings.values() == before
    assert bring(phone, pack(Keepsake({**before, "music.ceiling": 33}), "a day").encode())[0] == 303
    assert home.settings.values()["music.ceiling"] == 33


def test_an_older_file_leaves_what_it_does_not_know_as_it_is(phone: FlaskClient, house: House) -> None:
    assert not house.settings.change({"quiet.on": True})
    assert bring(phone, b"version = 1\n[music]\nceiling = 40\n")[0] == 303
    assert house.settings.values()["quiet.on"] is True and house.settings.values()["music.ceiling"] == 40


def test_a_page_elsewhere_cannot_bring_a_file(phone: FlaskClient, house: House) -> None:
    data = {"file": (io.BytesIO(b"version = 1\n[music]\nceiling = 40\n"), "x")}
    assert phone.post("/backup", data=data, headers={"Origin": "http://evil.example"}).status_code == 403
    assert house.settings.values()["music.ceiling"] == 80


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_at_all_is_values_or_refused(content: bytes) -> None:
    try:
        brought, faults = unpack(content)
    except Unreadable as why:
        assert str(why)
    else:
        assert faults or brought != Keepsake()
