"""The language that a song is sung in: from its tag, else from the script of its names, else unknown. Pure.

Latin letters tell nothing: a short title in them fits a dozen languages, so it is never guessed from. Chinese
characters alone are taken for Chinese, though a Japanese title may have no kana; a tag sets that right.
"""

import re
from collections.abc import Iterable

NAMES = {
    "arabic": "ar", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "czech": "cs", "danish": "da", "dutch": "nl",
    "english": "en", "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it", "japanese": "ja",
    "korean": "ko", "latin": "la", "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr",
    "ukrainian": "uk", "vietnamese": "vi", "welsh": "cy",
    "deutsch": "de", "français": "fr", "español": "es", "italiano": "it", "português": "pt", "한국어": "ko",
    "日本語": "ja", "中文": "zh", "русский": "ru",
}  # fmt: skip
THREE = {
    "ara": "ar", "ces": "cs", "chi": "zh", "zho": "zh", "cmn": "zh", "yue": "zh", "cze": "cs", "cym": "cy", "dan": "da",
    "deu": "de", "ger": "de", "dut": "nl", "nld": "nl", "ell": "el", "gre": "el", "eng": "en", "fas": "fa", "per": "fa",
    "fin": "fi", "fra": "fr", "fre": "fr", "gle": "ga", "heb": "he", "hin": "hi", "hun": "hu", "ice": "is", "isl": "is",
    "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lat": "la", "nor": "no", "nob": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi",
    "wel": "cy",
}  # fmt: skip
SCRIPTS = (
    ("ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"),
    ("ja", "\u3041-\u309f\u30a1-\u30fa\uff66-\uff9d"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("uk", "ґєіїҐЄІЇ"),
    ("ru", "\u0400-\u04ff"),
    ("el", "\u0391-\u03c9"),
    ("he", "\u05d0-\u05ea"),
    ("fa", "پچژگ"),
    ("ar", "\u0620-\u064a"),
    ("th", "\u0e01-\u0e3a"),
    ("hi", "\u0904-\u0939"),
    ("ta", "\u0b85-\u0bb9"),
    ("ka", "\u10d0-\u10fa"),
    ("hy", "\u0531-\u0587"),
)
"""In this order: kana beside Chinese characters is Japanese, Ukrainian's own letters beside Cyrillic are Ukrainian."""
FINER = {"zh": "ja", "ru": "uk", "ar": "fa"}
"""What a title in shared letters is after all, when another of its names has letters that only this language has."""
ENOUGH = 2
"""Letters of a script that a name must have: one alone is an ornament."""


def language(tags: Iterable[str], names: Iterable[str]) -> str:
    """A two-letter code, empty for unknown. `tags` are language tags, `names` the title, then whoever made it."""
    for tag in tags:
        for word in re.split(r"[;,/\0]", tag):
            if code := named(word):
                return code
    told = [code for name in names if (code := script(name))]
    finer = FINER.get(told[0], "") if told else ""
    return finer if finer in told else told[0] if told else ""


def named(word: str) -> str:
    """What a tag's word means: "kor", "ko-KR" or "Korean". Three letters that name no language tell nothing."""
    plain = word.strip().casefold()
    if plain in NAMES:
        return NAMES[plain]
    code = re.split(r"[-_]", plain)[0]
    if code in THREE:
        return THREE[code]
    return code if code in set(THREE.values()) or code in {s for s, _ in SCRIPTS} else ""


def script(name: str) -> str:
    for code, letters in SCRIPTS:
        least = 1 if code in {"uk", "fa"} and re.search("[\u0400-\u04ff\u0620-\u064a]{2}", name) else ENOUGH
        if len(re.findall(f"[{letters}]", name)) >= least:
            return code
    return ""
