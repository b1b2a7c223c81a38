"""Cards of plans and agreements hold whatever fits their forms, and never more than Discord."""

from datetime import UTC, datetime

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.content.couple_texts import PlanTemplate
from bot.domain.agreement import LONGEST as PART_LONGEST
from bot.domain.agreement import Agreement, AgreementText, Reply
from bot.domain.ids import AgreementId, PairId, ParticipantId, PlanVersionId
from bot.domain.pair import PairKind, Space
from bot.domain.plan import (
    JOINT,
    LONGEST,
    MOST_LINES,
    PAGE_LONGEST,
    PlanDraft,
    PlanSection,
    PlanVersion,
    PlanView,
)
from bot.text import Catalog
from bot.ui.agreements import agreement_card
from bot.ui.cards import Card
from bot.ui.plans import (
    draft_card,
    fits,
    page_card,
    plan_card,
    plan_file,
    template_texts,
    version_card,
)

MOST_TEXT = 4000
"""Discord's limit for the texts of one message together."""

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
ME, OTHER = ParticipantId("me"), ParticipantId("other")
SPACE = Space(
    pair_id=PairId("p"),
    kind=PairKind.COUPLE,
    zone="UTC",
    mine=ME,
    my_user_id=1,
    partner_user_id=2,
    thread_id=None,
    opened_at=NOW,
)
FULL = "\n".join(["*" * (LONGEST // MOST_LINES - 1)] * MOST_LINES)
VERSION = PlanVersion(
    id=PlanVersionId("v"),
    pair_id=PairId("p"),
    number=3,
    put_by=OTHER,
    put_at=NOW,
    in_force_at=NOW,
    texts=dict.fromkeys(JOINT, FULL),
    mine={ME: FULL, OTHER: FULL},
)


def length(card: Card) -> int:
    body = [card.body] if isinstance(card.body, str) else card.body
    return len(f"### {card.title}") + sum(len(part) for part in body)


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_fullest_plan_fits_a_card_and_is_whole_in_its_file(
    catalog: Catalog, locale: str
) -> None:
    words = catalog.words(locale)
    view = PlanView(in_force=VERSION, waiting=VERSION, has_draft=True)
    draft = PlanDraft(texts=dict.fromkeys(PlanSection, FULL), review_on=NOW.date())

    for card in (
        plan_card(words, SPACE, view, notice="x" * 200),
        version_card(words, SPACE, VERSION, is_latest=True, notice="x" * 200),
        draft_card(words, SPACE, draft, view, notice="x" * 200),
        page_card(words, SPACE, "*" * PAGE_LONGEST, notice="x" * 200),
    ):
        assert length(card) <= MOST_TEXT
        assert card.message()
    file = plan_file(words, SPACE, VERSION).content.decode()
    assert file.count("*" * (LONGEST // MOST_LINES - 1)) == 7 * MOST_LINES


@pytest.mark.parametrize("put_by", [ME, OTHER])
@pytest.mark.parametrize("text", ["*" * PART_LONGEST, "*\n" * (PART_LONGEST // 2)])
def test_the_fullest_agreement_fits_a_card(
    catalog: Catalog, put_by: ParticipantId, text: str
) -> None:
    agreement = Agreement(
        id=AgreementId("a"),
        pair_id=PairId("p"),
        put_by=put_by,
        made_at=NOW,
        text=AgreementText(need=text, offer=text, limit=text),
        put_at=NOW,
        revisit_on=NOW.date(),
        agreed_at=NOW,
        reply=Reply.AGREE,
    )
    for locale in ("en", "es"):
        card = agreement_card(catalog.words(locale), SPACE, agreement, notice="x" * 200)
        assert length(card) <= MOST_TEXT


def test_every_template_fits_a_draft() -> None:
    texts = load_content(DATA).texts("en").couples
    assert texts.plans
    for template in texts.plans:
        for section, text in template_texts(template).items():
            assert len(text) <= LONGEST, (template.id, section)
            assert len(text.splitlines()) <= MOST_LINES, (template.id, section)
    for one in texts.agreements:
        assert all(len(part) <= PART_LONGEST for part in (one.need, one.offer, one.limit)), one.id


@pytest.mark.parametrize("kind", list(PairKind))
def test_there_is_a_template_for_each_kind_of_pair(kind: PairKind) -> None:
    found: list[PlanTemplate] = fits(load_content(DATA).texts("en").couples.plans, kind)
    assert found
    other = {"couple": "family", "family": "couple"}[kind.value]
    assert not [one.id for one in found if one.audience == other]
