from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.definition import Versions
from core.imports.document import LARGEST_VALUE, DocumentBroken, entries
from core.imports.examination import MOST_PROBLEMS, Examination
from core.imports.inflate import inflated
from core.reports.history import MOST_VERSIONS
from tests.imports import AT, in_parts, packed, report, uuid, version, whole
from tests.unit.core.imports.forgeries import forgeries, is_right, sound

NOW = datetime.now(UTC)


def problems(content: Iterable[bytes], versions: Versions | None = None) -> list[tuple[str, str]]:
    examination = Examination(NOW, versions) if versions else Examination(NOW)
    for _ in examination.sound(content):
        pass
    return [(problem.pointer, problem.detail) for problem in examination.problems]


def of_document(document: Any) -> list[tuple[str, str]]:
    return problems([json.dumps(document).encode()])


def of_file(file: bytes) -> list[tuple[str, str]]:
    return problems(inflated(in_parts(file, 1000)))


def of_text(text: str) -> list[tuple[str, str]]:
    return problems([text.encode()])


def test_nothing_is_wrong_with_a_sound_document() -> None:
    assert is_right(sound())
    assert of_document(sound()) == []
    assert of_file(packed(sound())) == []


def test_whatever_is_changed_about_a_document_is_noticed_where_it_matters() -> None:
    number, wrong = 0, 0
    for name, document in forgeries():
        number += 1
        found = of_document(document)
        assert bool(found) != is_right(document), (name, found)
        wrong += bool(found)
    assert number > 5_000
    assert wrong > number * 0.8


def test_each_thing_that_is_wrong_is_told_with_its_place() -> None:
    document = sound()
    document["reports"][0]["name"] = ""
    document["reports"][1]["administrators"] = []
    del document["stars"][1]["account_id"]
    document["settings"][0]["contact_addresses"] = ["a@b.example", "A@b.example"]

    assert of_document(document) == [
        ("/reports/0/name", "must have at least 1 character"),
        ("/reports/0/name", "must not be blank or hold line breaks"),
        ("/reports/1/administrators", "must have at least 1 entry"),
        ("/stars/1/account_id", "is missing"),
        ("/settings/0/contact_addresses/1", "is there already"),
    ]


def test_no_more_problems_are_told_than_a_person_reads() -> None:
    reports = [report(number, name="") for number in range(500)]

    assert len(of_document(whole(reports=reports))) == MOST_PROBLEMS


@pytest.mark.parametrize("version_", [0, 2, 99, "1", None, 1.5, True])
def test_another_version_of_the_format_is_not_read_on(version_: Any) -> None:
    document = {**sound(), "version": version_, "reports": [{"new": "member"}]}

    ((pointer, _),) = of_document(document)

    assert pointer == "/version"


def test_members_come_in_any_order_and_layout() -> None:
    backwards = dict(reversed(sound().items()))

    assert problems([json.dumps(backwards, indent=3, sort_keys=False).encode("utf-8")]) == []
    assert problems([json.dumps(backwards, separators=(",", ":"), ensure_ascii=False).encode()]) == []


def test_a_document_may_be_cut_anywhere_on_its_way() -> None:
    text = json.dumps(sound(), ensure_ascii=False).encode()
    for size in (1, 3, 64):
        assert problems(in_parts(text, size)) == []


def put(old: str, new: str) -> str:
    """The text of a sound document with something in place of the first of something."""
    return json.dumps(sound()).replace(old, new, 1)


TEXTS = {
    "nothing": "",
    "a list": "[]",
    "a number": "1",
    "no members": "{}",
    "no end": json.dumps(sound())[:-1],
    "more after it": json.dumps(sound()) + "{}",
    "two documents": json.dumps(sound()) * 2,
    "a comma too many": json.dumps(sound())[:-1] + ",}",
    "a comment": "/* */" + json.dumps(sound()),
    "a mark of byte order": "\ufeff" + json.dumps(sound()),
    "a member twice": json.dumps(sound())[:-1] + ', "reports": []}',
    "a member of a row twice": json.dumps(sound()).replace('"visibility":', '"name": "b", "visibility":', 1),
    "a member of a definition twice": json.dumps(sound()).replace('"jql":', '"jql": "a", "jql":', 1),
    "an unknown member": json.dumps(sound())[:-1] + ', "tenants": []}',
    "a member with half a character": json.dumps(sound())[:-1] + ', "\\ud800": []}',
    "no number": json.dumps(sound()).replace('"version": 1', '"version": NaN', 1),
    "endless": json.dumps(sound()).replace('"version": 1', '"version": Infinity', 1),
    "a number beyond all": json.dumps(sound()).replace('"version": 3', '"version": 1e999', 1),
    "a number of a million digits": put('"version": 3', f'"version": {"9" * 10**6}'),
    "a number without an end": put('"version": 3', f'"version": 3.{"0" * 2 * 10**6}'),
    "lists in lists": put('"stars": [', f'"stars": [{"[" * 100_000}'),
    "objects in objects": put('"details": {', '"details": {"a":' * 100_000),
    "a text without an end": put('"description": "', f'"description": "{"a" * 2_000_000}'),
    "a control character": json.dumps(sound()).replace("two lines", "two\nlines", 1).replace("\\n", "\n"),
    "single quotes": json.dumps(sound()).replace('"', "'"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_document_of_ours_is_refused(name: str) -> None:
    assert of_text(TEXTS[name])


def test_what_is_not_utf8_is_refused() -> None:
    for wrong in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80"):
        text = json.dumps(sound()).encode().replace(b"two lines", wrong, 1)
        assert problems([text]) == [("", "is not all UTF-8")]
    assert of_text(json.dumps(sound()).encode("utf-16").decode("latin-1"))


def test_an_entry_may_have_a_million_characters_and_no_more() -> None:
    def read(size: int) -> int:
        text = f'{{"a": ["{"x" * (size - 2)}"]}}'.encode()
        return len(list(entries(in_parts(text, 65_537), ["a"], [])))

    assert read(LARGEST_VALUE) == 2
    with pytest.raises(DocumentBroken, match="is too long"):
        read(LARGEST_VALUE + 1)


def crc_changed(file: bytes) -> bytes:
    return file[:-8] + bytes([file[-8] ^ 1]) + file[-7:]


def length_changed(file: bytes) -> bytes:
    return file[:-1] + bytes([file[-1] ^ 1])


SOUND = packed(sound())
FILES = {
    "empty": b"",
    "no gzip": json.dumps(sound()).encode(),
    "zlib": zlib.compress(json.dumps(sound()).encode()),
    "another checksum": crc_changed(SOUND),
    "another length": length_changed(SOUND),
    "a byte more": SOUND + b"\0",
    "two members": SOUND + gzip.compress(b" "),
    "an empty member more": SOUND + gzip.compress(b""),
    "twice": SOUND * 2,
    "members that make one document": gzip.compress(json.dumps(sound()).encode()[:500])
    + gzip.compress(json.dumps(sound()).encode()[500:]),
    "the header alone": SOUND[:10],
    **{f"{cut} bytes short": SOUND[:-cut] for cut in (1, 4, 8, 9, 100)},
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_sound_file_is_refused(name: str) -> None:
    for size in (1, 7, 100_000):
        found = problems(inflated(in_parts(FILES[name], size)))
        assert [pointer for pointer, _ in found] == [""], found


def test_every_flipped_bit_of_a_file_is_noticed_or_changes_nothing() -> None:
    plain = gzip.decompress(SOUND)
    for place in range(len(SOUND)):
        changed = bytearray(SOUND)
        changed[place] ^= 1 << place % 8
        try:
            content = b"".join(inflated([bytes(changed)]))
        except DocumentBroken:
            continue
        assert content == plain, place


def test_a_file_that_stands_for_too_much_is_left_where_that_shows() -> None:
    bomb = gzip.compress(b"[" + b" " * 3_000_000)
    given = 0

    def parts() -> Iterable[bytes]:
        nonlocal given
        for part in in_parts(bomb, 10):
            given += len(part)
            yield part

    with pytest.raises(DocumentBroken, match="longer than 1 MiB"):
        assert max(map(len, inflated(parts(), largest=1_048_576))) <= 131_072
    assert given < len(bomb) / 2


def test_a_report_has_no_more_versions_than_it_may() -> None:
    versions = [version(number) for number in range(1, MOST_VERSIONS + 2)]
    reports = [report(version=100)]

    assert of_document(whole(reports=reports, versions=versions[:-1])) == []
    assert of_document(whole(reports=reports, versions=versions)) == [
        ("/versions/20", "is more than the 20 versions that a report may have")
    ]


def test_no_version_is_beyond_its_reports() -> None:
    ((pointer, detail),) = of_document(whole(versions=[version(4)]))

    assert (pointer, detail) == ("/versions", f"has version 4 of the report {uuid(1)}, which is at 3")


def test_a_site_has_no_more_reports_than_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("core.imports.examination", fromlist=["_MOST"])._MOST, "reports", 3)
    reports = [report(number) for number in range(1, 5)]

    assert of_document(whole(reports=reports)) == [("/reports", "has more than 3 entries")]


def test_definitions_of_older_versions_are_checked_as_what_becomes_of_them() -> None:
    def step(definition: dict[str, Any]) -> dict[str, Any]:
        return {**definition, "jql": definition["query"]} | {}

    def second(definition: dict[str, Any]) -> dict[str, Any]:
        return {name: member for name, member in definition.items() if name != "query"}

    versions = Versions((step, second))
    old = {"query": "project = A", "columns": [{"of": {"field": "issuekey"}}]}

    def found(definition: dict[str, Any], number: int) -> list[str]:
        reports = [report(definition=definition, definition_version=number)]
        text = json.dumps(whole(reports=reports, versions=[])).encode()
        return [pointer for pointer, _ in problems([text], versions)]

    assert found(old, 1) == []
    assert found({"columns": []}, 1) == ["/reports/0/definition"]
    assert found({**old, "columns": "none"}, 1) == ["/reports/0/definition/columns"]
    assert found(old, 3) == ["/reports/0/definition/jql", "/reports/0/definition/query"]
    assert found(old, 4) == ["/reports/0/definition_version"]


def test_what_is_sound_is_given_with_definitions_of_the_present_version() -> None:
    def step(definition: dict[str, Any]) -> dict[str, Any]:
        return {**definition, "jql": f"({definition['jql']})"}

    examination = Examination(NOW, Versions((step,)))
    document = whole(versions=[])
    given = list(examination.sound([json.dumps(document).encode()]))
    (row,) = [entry.value for entry in given if entry.member == "reports" and entry.position is not None]

    assert isinstance(row, dict)
    assert (row["definition"]["jql"], row["definition_version"]) == ("(project = TIMOB)", 2)


def test_a_time_may_be_as_far_ahead_as_clocks_differ() -> None:
    early = Examination(datetime.fromisoformat(AT))
    late = Examination(datetime.fromisoformat("2026-01-02T02:00:00Z"))
    for examination in (early, late):
        for _ in examination.sound([json.dumps(sound()).encode()]):
            pass

    assert early.problems == []
    assert {problem.detail for problem in late.problems} == {"lies in the future"}
