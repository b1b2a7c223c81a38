"""Interlude: a companion for the days between the sessions of a programme."""

__version__ = "0.1.0"
