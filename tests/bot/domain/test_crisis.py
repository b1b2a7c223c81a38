"""Choosing crisis lines."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crisis import (
    ChannelKind,
    Country,
    CrisisDirectory,
    CrisisLine,
    LineChannel,
    LineKind,
    choose_lines,
    in_locale,
    stale_lines,
)

TODAY = date(2026, 11, 22)


def make_line(line_id: str, kind: LineKind = LineKind.SUICIDE, **changes: object) -> CrisisLine:
    line = CrisisLine(
        id=line_id,
        countries=("US",),
        service=line_id,
        kind=kind,
        channels=(LineChannel(kind=ChannelKind.CALL, to="123"),),
        hours={},
        cost={},
        audience={"en": "everyone"},
        note={},
        languages=(),
        is_for_everyone=True,
        source="a page",
        source_url="",
        checked_on=TODAY,
        is_verified=True,
    )
    return replace(line, **changes)  # type: ignore[arg-type]  # fields by name


def ids(lines: tuple[CrisisLine, ...]) -> list[str]:
    return [line.id for line in lines]


def test_crisis_comes_first_then_violence_then_substances() -> None:
    lines = [
        make_line("substance", LineKind.SUBSTANCE),
        make_line("violence", LineKind.DOMESTIC_VIOLENCE),
        make_line("crisis"),
        make_line("text", LineKind.GENERAL),
    ]

    choice = choose_lines(lines, "US")

    assert ids(choice.first) == ["crisis", "violence", "substance"]
    assert ids(choice.more) == ["text"]


def test_without_other_kinds_three_crisis_lines_are_shown() -> None:
    choice = choose_lines([make_line(f"c{place}") for place in range(5)], "US")

    assert ids(choice.first) == ["c0", "c1", "c2"]
    assert ids(choice.more) == ["c3", "c4"]


def test_a_line_for_one_group_waits_behind_more() -> None:
    veterans = make_line("veterans", LineKind.VETERANS, is_for_everyone=False)

    choice = choose_lines([veterans, make_line("crisis"), make_line("text")], "US")

    assert ids(choice.first) == ["crisis", "text"]
    assert ids(choice.more) == ["veterans"]


def test_a_line_for_one_group_fills_up_to_two() -> None:
    youth = make_line("youth", LineKind.YOUTH, is_for_everyone=False)

    choice = choose_lines([youth, make_line("crisis")], "US")

    assert ids(choice.first) == ["crisis", "youth"]


def test_an_unverified_line_is_never_chosen() -> None:
    choice = choose_lines([make_line("off", is_verified=False)], "US")

    assert choice.all == ()


def test_another_country_has_other_lines() -> None:
    lines = [make_line("here"), make_line("there", countries=("CA", "MX"))]

    assert ids(choose_lines(lines, "MX").all) == ["there"]
    assert choose_lines(lines, "FR").all == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(LineKind), st.booleans(), st.booleans()), max_size=12
    )
)  # fmt: skip
def test_a_choice_holds_each_usable_line_once(rows: list[tuple[LineKind, bool, bool]]) -> None:
    lines = [
        make_line(f"l{place}", kind, is_for_everyone=everyone, is_verified=verified)
        for place, (kind, everyone, verified) in enumerate(rows)
    ]

    choice = choose_lines(lines, "US")

    assert len(choice.first) <= 3
    assert sorted(ids(choice.all)) == sorted(line.id for line in lines if line.is_verified)


def test_the_first_line_reachable_by_text_is_found() -> None:
    text = make_line("text", channels=(LineChannel(kind=ChannelKind.TEXT, to="85258"),))

    choice = choose_lines([make_line("call"), text], "US")

    assert choice.reachable_by(ChannelKind.TEXT) is text
    assert choice.reachable_by(ChannelKind.CHAT) is None


def test_a_line_is_stale_after_ninety_days() -> None:
    fresh = make_line("fresh", checked_on=TODAY - timedelta(days=90))
    old = make_line("old", checked_on=TODAY - timedelta(days=91))
    off = make_line("off", checked_on=None, is_verified=False)

    assert ids(stale_lines([fresh, old, off], TODAY)) == ["old"]


def test_an_unknown_country_has_no_lines_and_no_numbers() -> None:
    country = Country(code="DE", name={"en": "Germany"}, emergency=("112",), source="a list")
    directory = CrisisDirectory(lines=(make_line("us"),), countries={"DE": country})

    assert directory.choose("DE").all == ()
    assert directory.emergency_numbers("DE") == ("112",)
    assert directory.choose(None).all == ()
    assert directory.emergency_numbers("ZZ") == ()
    assert directory.name("ZZ", "en") is None


def test_a_phrase_falls_back_to_english() -> None:
    assert in_locale({"en": "free", "es": "gratis"}, "es") == "gratis"
    assert in_locale({"en": "free"}, "es") == "free"
    assert in_locale({}, "es") == ""


def test_a_chat_has_an_address() -> None:
    assert LineChannel(kind=ChannelKind.CHAT, to="example.org").url == "https://example.org"
    assert LineChannel(kind=ChannelKind.CALL, to="988").url is None
