"""The questions of the check-in: which version is asked, and how clinicians change them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain import prompt_edit
from bot.domain.prompt_edit import DEFAULT_LOCALE, WINDOW_MINUTES, Edition, Sets, Wording
from bot.domain.prompt_set import Meaning, QuestionKind, find_misfits
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.database_port import Transactor

DAILY = "daily"
EXTRA = "extra"
EDITORS = frozenset({StaffRole.CLINICIAN, StaffRole.LEAD})


class PromptSetStore(Protocol):
    """What this service needs of the store."""

    async def add(self, edition: Edition, tx: Any = None) -> bool: ...
    async def editions(self, set_id: str) -> Sequence[Edition]: ...
    async def draft(self, set_id: str, tx: Any = None) -> Sets | None: ...
    async def save_draft(
        self, tx: Any, set_id: str, sets: Sets, *, by: int, at: datetime
    ) -> None: ...
    async def drop_draft(self, set_id: str, tx: Any = None) -> bool: ...


class PromptSetService:
    """Knows every version in memory; an answer is read by the version it answered.

    The version with the highest number is asked. Wording that comes with a new release of the
    program takes over only where nobody of the programme has changed it.
    """

    def __init__(
        self,
        store: PromptSetStore,
        database: Transactor,
        clock: Clock,
        *,
        shipped: Sets,
        extra: Sets,
    ) -> None:
        self._store = store
        self._database = database
        self._shipped = shipped
        self._extra = extra
        self._clock = clock
        self._editions: dict[int, Edition] = {}

    async def load(self) -> None:
        """Read every version, and take in the wording that came with the program."""
        await self._read()
        newest = self._editions[max(self._editions)] if self._editions else None
        if newest is None or (newest.is_shipped and not _reads_the_same(newest, self._shipped)):
            await self._store.add(self._edition(self._shipped, is_shipped=True))
            await self._read()

    @property
    def current(self) -> Edition:
        """The version that is asked now."""
        return self._editions[max(self._editions)]

    def edition(self, version: int) -> Edition:
        """Return a version.

        Raises:
            UserError: There is none of this number.
        """
        if version not in self._editions:
            raise UserError("core.old_card")
        return self._editions[version]

    async def working(self) -> tuple[Sets, bool]:
        """Return what an editor sees, and whether it differs from what is asked."""
        draft = await self._store.draft(DAILY)
        return (self.current.sets, False) if draft is None else (draft, True)

    def editor(self, member: StaffMember) -> StaffMember:
        """Let clinicians and leads through; others may look.

        Raises:
            UserError: They are neither.
        """
        if member.role not in EDITORS:
            raise UserError("prompts.editors_only")
        return member

    async def retitle(
        self, member: StaffMember, locale: str, title: str, window_hours: float
    ) -> Sets:
        """Change the title in one language, and for how long an answer is on time.

        Raises:
            UserError: The title does not fit, or the window is too short or too long.
        """
        minutes = round(window_hours * 60)
        if minutes not in WINDOW_MINUTES:
            raise UserError("prompts.window_range")
        return await self._edit(
            member, lambda sets: prompt_edit.retitle(sets, locale, title, minutes)
        )

    async def reword(
        self, member: StaffMember, locale: str, key: str, wording: Wording, *, is_optional: bool
    ) -> Sets:
        """Change a question.

        Raises:
            UserError: It would not fit a form; the sentence says which limit is broken.
        """

        def change(sets: Sets) -> Sets:
            question = prompt_edit.in_language(sets, locale).question(key)
            if question is None:
                raise UserError("prompts.gone")
            asks_for_a_person = question.meaning is Meaning.MESSAGE_ME
            if asks_for_a_person and len(wording.options) != len(question.options):
                raise UserError("prompts.message_me_options", n=len(question.options))
            return prompt_edit.reword(sets, locale, key, wording, is_optional=is_optional)

        return await self._edit(member, change)

    def spares(self, sets: Sets) -> Sets:
        """Return the questions that come with the program and could be added."""
        asked = {question.meaning for question in sets[DEFAULT_LOCALE].questions}
        return {
            locale: replace(
                one,
                questions=tuple(
                    question
                    for question in (*one.questions, *self._extra[locale].questions)
                    if question.meaning and question.meaning not in asked
                ),
            )
            for locale, one in self._shipped.items()
        }

    async def add_spare(self, member: StaffMember, key: str) -> Sets:
        """Add a question that comes with the program, in every language.

        Raises:
            UserError: There are as many questions as fit, or this one is asked already.
        """

        def change(sets: Sets) -> Sets:
            spares = self.spares(sets)
            found = {code: one.question(key) for code, one in spares.items()}
            questions = {code: question for code, question in found.items() if question}
            if DEFAULT_LOCALE not in questions:
                raise UserError("prompts.gone")
            return prompt_edit.insert(sets, questions)

        return await self._edit(member, change)

    async def add(
        self, member: StaffMember, kind: QuestionKind, wording: Wording, *, is_optional: bool
    ) -> Sets:
        """Add a question at the end.

        Raises:
            UserError: It would not fit a form; the sentence says which limit is broken.
        """
        return await self._edit(
            member, lambda sets: prompt_edit.add(sets, kind, wording, is_optional=is_optional)
        )

    async def move(self, member: StaffMember, key: str, step: int) -> Sets:
        """Move a question up (-1) or down (1)."""
        return await self._edit(
            member, lambda sets: prompt_edit.move(_with_question(sets, key), key, step)
        )

    async def remove(self, member: StaffMember, key: str) -> Sets:
        """Take a question out.

        Raises:
            UserError: It is the way to ask for a person, or the last one.
        """

        def change(sets: Sets) -> Sets:
            question = prompt_edit.in_language(sets, DEFAULT_LOCALE).question(key)
            if question is not None and question.meaning is Meaning.MESSAGE_ME:
                raise UserError("prompts.message_me_stays")
            return prompt_edit.remove(sets, key)

        return await self._edit(member, change)

    async def discard(self, member: StaffMember) -> None:
        """Throw the changes away."""
        self.editor(member)
        await self._store.drop_draft(DAILY)

    async def publish(self, member: StaffMember) -> Edition:
        """Ask the edited questions from now on.

        Raises:
            UserError: Nothing was changed, or it does not fit one form.
        """
        self.editor(member)
        async with self._database.transaction() as tx:
            draft = await self._store.draft(DAILY, tx)
            if draft is None:
                raise UserError("prompts.nothing_changed")
            _check(draft)
            edition = self._edition(draft, is_shipped=False, by=member.user_id)
            if not await self._store.add(edition, tx):
                raise UserError("prompts.someone_published")
            await self._store.drop_draft(DAILY, tx)
        await self._read()
        return edition

    async def put_back(self, member: StaffMember) -> Edition:
        """Ask the questions that came with the program again.

        Raises:
            UserError: They are asked already.
        """
        self.editor(member)
        if _reads_the_same(self.current, self._shipped):
            raise UserError("prompts.shipped_already")
        edition = self._edition(self._shipped, is_shipped=True, by=member.user_id)
        async with self._database.transaction() as tx:
            if not await self._store.add(edition, tx):
                raise UserError("prompts.someone_published")
            await self._store.drop_draft(DAILY, tx)
        await self._read()
        return edition

    async def _edit(self, member: StaffMember, change: Callable[[Sets], Sets]) -> Sets:
        self.editor(member)
        async with self._database.transaction() as tx:
            before = await self._store.draft(DAILY, tx) or self.current.sets
            after = change(before)
            _check(after)
            await self._store.save_draft(tx, DAILY, after, by=member.user_id, at=self._clock())
        return after

    def _edition(self, sets: Sets, *, is_shipped: bool, by: int | None = None) -> Edition:
        version = max(self._editions, default=0) + 1
        return Edition(
            set_id=DAILY,
            version=version,
            sets=prompt_edit.numbered(sets, version),
            is_shipped=is_shipped,
            published_at=self._clock(),
            published_by=by,
        )

    async def _read(self) -> None:
        self._editions = {edition.version: edition for edition in await self._store.editions(DAILY)}


def _reads_the_same(edition: Edition, sets: Sets) -> bool:
    return {code: replace(one, version=0) for code, one in edition.sets.items()} == {
        code: replace(one, version=0) for code, one in sets.items()
    }


def _with_question(sets: Sets, key: str) -> Sets:
    if any(one.question(key) is None for one in sets.values()):
        raise UserError("prompts.gone")
    return sets


def _check(sets: Sets) -> None:
    """Refuse what does not fit one form, in any language.

    Raises:
        UserError: With the sentence of the first limit that is broken.
    """
    for one in sets.values():
        for misfit in find_misfits(one):
            question = one.question(misfit.question)
            label = question.label if question else misfit.question
            raise UserError(f"prompts.misfit.{misfit.rule}", question=label, **misfit.values)
        if one.asking(Meaning.MESSAGE_ME) is None:
            raise UserError("prompts.message_me_stays")
