"""The exceptions that cross layers."""


class UserError(Exception):
    """A refusal with a sentence for the person who asked.

    Args:
        key: The sentence's key in `data/locales`.
        values: What the sentence's placeholders take.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class StartError(Exception):
    """The process cannot start; the text is one plain sentence for the operator."""


class StoreError(Exception):
    """The database cannot be used right now: locked, missing, full or damaged."""


class KeyLostError(Exception):
    """A sealed text cannot be read, because its key is gone or does not fit."""
