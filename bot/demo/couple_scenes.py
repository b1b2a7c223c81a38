"""What Ana and Ben do together in the story."""

from datetime import timedelta

from bot.demo.stage import Stage

TEAM = "team"
COUPLE = (("ana", "ben"), ("ben", "ana"))
PAUSE = timedelta(minutes=20)


async def space_opens(stage: Stage) -> None:
    """Both say whom they would like a space with; the team talks with each alone, then opens it."""
    for who, other in COUPLE:
        await stage.press(who, "together:v1:home")
        await stage.press(who, "together:v1:invite")
        await stage.press(who, "consent:v1:agree")
        await stage.press(who, "together:v1:invite")
        account = str(stage.session.world.actor(other).id)
        await stage.choose(who, "together:v1:ask:couple", account)
    await stage.press("theo", "pairs:v1:list", place=TEAM)
    for _ in COUPLE:
        await stage.press("theo", "pairs:v1:talked", place=TEAM)
    await stage.press("theo", "pairs:v1:open", place=TEAM)
    for who, _ in COUPLE:
        await stage.press(who, "note:v1:open")


async def both_answer(stage: Stage) -> None:
    """Both answer the question of the day in private, and share it."""
    words = {"ana": "That you washed up without a word.", "ben": "Your laugh at breakfast."}
    for who, text in words.items():
        await stage.press(who, "together:v1:home")
        await stage.press(who, "question:v1:open")
        form = await stage.press(who, "opening:v1:write")
        await stage.fill(form, text=text, choice="Share it")


async def a_pause(stage: Stage) -> None:
    """Ben takes a pause; twenty minutes later both are ready."""
    await stage.press("ben", "together:v1:home")
    await stage.press("ben", "pause:v1:open")
    await stage.choose("ben", "pause:v1:call", "20 minutes")
    await stage.session.advance(stage.session.now() + PAUSE)
    for who, _ in COUPLE:
        await stage.press(who, "note:v1:open")
        await stage.press(who, "pause:v1:ready")
    stage.look("ana")
