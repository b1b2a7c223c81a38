"""The way of a proactive message: plan, sweep, send; the only importer of APScheduler."""
