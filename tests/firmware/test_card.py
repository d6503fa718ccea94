"""The card's edge: nobody waits for a slow card, and what it was given is on it in the end."""

import threading

from firmware.card import Card
from tests.waiting import PATIENCE


def test_whoever_writes_does_not_wait_and_all_is_written_in_order_before_the_end() -> None:
    slow, done = threading.Event(), list[str]()
    card = Card()
    card.write(lambda: done.append("first") if slow.wait(PATIENCE) else None)
    card.write(lambda: done.append("second"))
    assert done == [], "the card takes its time, and here we are"
    assert not card.close(0.0), "which the end is told"
    slow.set()
    assert card.close(PATIENCE) and done == ["first", "second"]
    assert card.close(0.0), "safe to repeat"
