"""Speed beside bare discord.py in the same run: ``python -m benchmarks``."""
