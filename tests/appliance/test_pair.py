"""`mien pair`: the button for a box without one."""

import io

from appliance import address
from appliance.pair import pair, welcome


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_the_first_phone_that_comes_is_let_in() -> None:
    clock = Clock()
    assert pair(lambda: clock.time >= 30, 60.0, clock.now, clock.sleep)
    assert clock.time == 30


def test_after_a_minute_without_a_phone_nobody_is_let_in_any_more() -> None:
    clock, pressed = Clock(), []

    def press() -> bool:
        pressed.append(clock.time)
        return False

    assert not pair(press, 60.0, clock.now, clock.sleep)
    assert pressed[-1] == 60.0
    assert not pair(press, 0.0, clock.now, clock.sleep) and len(pressed) == 62, "once, where nobody is waited for"


def test_the_terminal_shows_a_code_and_both_addresses() -> None:
    said = io.StringIO()
    welcome(8080, said, "192.168.1.20")
    assert "http://192.168.1.20:8080/" in said.getvalue() and f"{address.name()}:8080/" in said.getvalue()
    assert said.getvalue().count("█") > 50
    alone = io.StringIO()
    welcome(80, alone, "")
    assert f"http://{address.name()}/" in alone.getvalue(), "without a network its name is all there is"
