"""The catalogues: both hold every string, and pages use no other."""

from __future__ import annotations

import re
import string

from pipeline.web import language
from pipeline.web.render import HOME

OPEN = ("category.", "how.", "kind.")


def test_both_catalogues_hold_the_same_strings_with_the_same_values():
    zh, en = language.catalogue("zh"), language.catalogue("en")
    assert {key for key in zh if not key.startswith(OPEN)} == {key for key in en if not key.startswith(OPEN)}
    for key in zh.keys() & en.keys():
        assert fields(zh[key]) == fields(en[key]), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_templates_use_only_strings_of_the_catalogue_and_say_nothing_by_themselves():
    known = language.catalogue("zh")
    for path in (HOME / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for key in re.findall(r"\bt\(['\"]([\w.]+)['\"](?! ~)", text):
            assert key in known, f"{path.name}: {key}"
        outside = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", "", text, flags=re.DOTALL)
        assert not re.search(r"[一-鿿]", outside), path.name


def test_names_of_hints_are_in_chinese():
    from pathlib import Path

    from pipeline.analysis import hints

    source = Path(hints.__file__).read_text(encoding="utf-8")
    for how in re.findall(r'yield .*, "([a-z ]+)"\n', source):
        assert f"how.{how}" in language.catalogue("zh"), how
