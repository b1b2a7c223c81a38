"""Use cases, one class per subject."""
