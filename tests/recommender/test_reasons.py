"""Every kind of reason has its sentence, alone and behind another."""

from typing import get_args, get_type_hints

from appliance.events import Reason
from appliance.reasons import BESIDES, SENTENCES, sentence

KINDS = get_args(get_type_hints(Reason)["kind"])


def test_every_kind_has_a_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(BESIDES) == set(KINDS)
    for kind in KINDS:
        alone = sentence([Reason(kind, "Name", "sad")])
        assert alone.endswith(".") and alone.count(".") == 1 and "{" not in alone


def test_two_reasons_make_one_sentence_and_coming_again_is_never_left_out() -> None:
    parts = [Reason("folder", "rest", "sad"), Reason("liked", mood="sad")]
    assert sentence(parts) == "It lies in your folder “rest”, for sad, and it is one that you said you like."
    assert "so soon because nothing else fits" in sentence([*parts, Reason("again")])
    assert sentence([]) == ""
