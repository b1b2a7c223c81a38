"""The demo: the real bot on a simulated Discord, behind a page of its own."""
