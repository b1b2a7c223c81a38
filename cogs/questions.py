"""Questions that are not urgent: asking from the panel, and the team's inbox."""

from typing import Any

import discord

from bot.client import Bot
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.note import Note
from bot.services.questions import QUESTION
from bot.text import Words
from bot.ui.cards import Card, button
from bot.ui.forms import Form
from bot.ui.questions import (
    ANSWER,
    FOR_ALL,
    IN_PRIVATE,
    ROOM,
    SHOWN,
    TEXT,
    answer_form,
    answered_card,
    ask_form,
    asked_card,
    for_all_card,
    inbox_card,
    question_card,
    questions_card,
    waiting_card,
)
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, renders, submits
from cogs._moderating import add_to_group, name_of, room_named


class QuestionCog(FeatureCog[Bot]):
    """Takes questions to the team, and answers back."""

    @pressed("questions:v1:open")
    async def show(self, request: Request) -> None:
        """Say what a question is for, and how one's own stand."""
        participant = await request.participant()
        own = await request.services.questions.own(participant)
        await request.update(questions_card(request.words, own, request.zone))

    @form("questions:v1:ask")
    async def ask_form(self, request: Request) -> Form:
        """Ask for a question."""
        await request.participant()
        return ask_form(request.words)

    @submits("questions:v1:ask")
    async def ask(self, request: Request) -> None:
        """Take a question."""
        participant = await request.participant()
        await request.defer()
        asked = await request.services.questions.ask(
            participant, request.text(TEXT), for_all=FOR_ALL in request.choices(FOR_ALL)
        )
        await request.reply(asked_card(request.words, asked))

    @pressed("questions:v1:withdraw")
    async def withdraw(self, request: Request) -> None:
        """Take a question back."""
        participant = await request.participant()
        await request.services.questions.withdraw(request.selected[0], participant)
        back = button("questions:v1:open", label=request.words("core.back"))
        await request.update(Card(body=request.words("questions.withdrawn"), rows=[[back]]))

    @opens("question.answered")
    async def answered(self, request: Request, note: Note) -> None:
        """Show an asker the answer."""
        question = await request.services.questions.own_one(
            note.args[QUESTION], note.participant_id
        )
        await request.reply(answered_card(request.words, question))

    async def inbox_command(self, interaction: discord.Interaction[Any]) -> None:
        """See the questions that wait for an answer."""
        await self.inbox(self.bot.request(interaction))

    @pressed("questions:v1:inbox")
    async def inbox(self, request: Request) -> None:
        """List what waits, as far as this one of the team may know of it."""
        member = await request.staff()
        waiting = await request.services.questions.inbox(member)
        await request.reply(inbox_card(request.words, waiting))

    @pressed("questions:v1:pick")
    async def pick(self, request: Request) -> None:
        """Show a question in full."""
        member = await request.staff()
        question = await request.services.questions.visible(request.selected[0], member)
        person = await request.services.participants.by_id(question.participant_id)
        code = None if person is None else person.code
        await request.reply(question_card(request.words, question, code))

    @form("questions:v1:answer")
    async def answer_form(self, request: Request) -> Form:
        """Ask for an answer."""
        member = await request.staff()
        question = await request.services.questions.visible(request.arg(), member)
        rooms = [
            (room, name_of(self.bot, room))
            for room in request.services.rooms.all()
            if not room.is_forum
        ]
        return answer_form(request.words, question, rooms)

    @submits("questions:v1:answer")
    async def answer(self, request: Request) -> None:
        """Send an answer, in private or for all."""
        member = await request.staff()
        chosen = request.choice(ROOM)
        room = None if chosen in (None, IN_PRIVATE) else room_named(self.bot, chosen or "")
        await request.services.questions.answer(
            request.arg(),
            member,
            request.text(ANSWER),
            room=room,
            shown=request.text(SHOWN),
        )
        await request.say("questions.answer_sent" if room is None else "questions.answer_posted")

    @renders("question.waiting")
    async def waiting(self, row: OutboxRow) -> Card:
        """Tell the team that a question waits."""
        return waiting_card(self._words, row)

    @renders("question.for_all")
    async def for_all(self, row: OutboxRow) -> Card:
        """Post an answer in a room."""
        question = await self.bot.services.questions.posted(row.subject_id)
        if question is None or question.answer is None:
            raise RefusedError("the question is gone")
        return for_all_card(self._words, question)

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)


async def setup(bot: Bot) -> None:
    """Add the cog, and its command to the team's group."""
    cog = QuestionCog(bot)
    await bot.add_cog(cog)
    add_to_group(bot, "care", cog.inbox_command, name="questions")
