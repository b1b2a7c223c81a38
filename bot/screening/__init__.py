"""The risk screen: what a text may be about, and whether a human is to look (SAFETY section 6)."""

from bot.screening.screen import Screen, load_screen

__all__ = ["Screen", "load_screen"]
