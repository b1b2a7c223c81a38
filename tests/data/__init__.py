"""Tests of every content entry."""
