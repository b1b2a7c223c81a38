"""What SimCord does otherwise than Discord, one strict expected failure for each gap."""
