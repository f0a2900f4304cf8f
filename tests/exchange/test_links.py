"""What the text of a cell means where it names a record."""

from __future__ import annotations

from crm_desktop.exchange.links import Meant, meant, text_key
from crm_desktop.shared.importing import Candidate, ImportOptions

KNOWN = {1: "One", 2: "Two", 3: "two"}


def ask(text: str, fitting: list[str], **decided: object) -> Meant[str]:
    options = ImportOptions(**decided)  # type: ignore[arg-type]
    return meant(
        text,
        "thing",
        options,
        fitting,
        by_id=KNOWN.get,
        candidate=lambda one: Candidate(len(one), one),
        missing="There is none.",
    )


def test_one_several_none() -> None:
    assert ask("One", ["One"]) == Meant("One")
    doubt = ask("Two", ["Two", "two"])
    assert (doubt.record, doubt.is_missing) == (None, False)
    assert doubt.why == "“Two” may be any of 2 records. Choose the one that is meant."
    assert [one.label for one in doubt.candidates] == ["Two", "two"]
    assert ask("Three", []) == Meant(None, "There is none.", is_missing=True)


def test_what_a_person_said_decides() -> None:
    assert ask("Two", ["Two", "two"], answers={("thing", "two"): 3}) == Meant("two")
    assert ask("One", ["One"], answers={("thing", "one"): None}) == Meant()
    assert ask("One", ["One"], answers={("thing", "one"): 99}) == Meant("One")
    assert ask("One", ["One"], answers={("other", "one"): None}) == Meant("One")


def test_texts_are_looked_up_however_they_are_typed() -> None:
    assert text_key("  ＡＢＣ　 產品 ") == text_key("abc 产品")
