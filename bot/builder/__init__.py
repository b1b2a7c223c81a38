"""Building on Discord: a server's roles, channels and panels, and who holds which role."""
