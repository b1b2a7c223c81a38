"""One extension per feature: commands and listeners, nothing else."""
