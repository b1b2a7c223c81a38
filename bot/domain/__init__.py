"""Pure types and rules, one module per subject."""
