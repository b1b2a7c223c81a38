"""A refused form, kept so that nothing typed is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DRAFT_LIFE = timedelta(hours=24)

FormValue = str | bool | Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a person typed into a form that was refused.

    Attributes:
        route: The form's custom_id.
    """

    id: str
    user_id: int
    route: str
    values: Mapping[str, FormValue]
    expires_at: datetime
