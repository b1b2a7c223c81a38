"""The demo: the real bot on a simulated Discord, behind a page of its own."""

from bot.demo.server import serve
from bot.demo.tour import tour

__all__ = ["serve", "tour"]
