"""Forms: modals declared as data, read back from the submit alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import discord

from bot.domain.draft import FormValue
from bot.ui.cards import Option, custom_id

Component: TypeAlias = discord.ui.Item[Any]
MOST_FIELDS = 5
LABEL_LENGTH = 45


@dataclass(frozen=True, kw_only=True, slots=True)
class TextField:
    """A line or a paragraph of text."""

    key: str
    label: str
    description: str | None = None
    long: bool = False
    required: bool = True
    min_length: int | None = None
    max_length: int = 4000
    placeholder: str | None = None
    value: str | None = None

    def component(self) -> Component:
        """Make the input."""
        return discord.ui.TextInput(
            custom_id=self.key,
            style=discord.TextStyle.paragraph if self.long else discord.TextStyle.short,
            required=self.required,
            min_length=self.min_length,
            max_length=self.max_length,
            placeholder=self.placeholder,
            default=self.value,
        )

    def filled(self, value: FormValue) -> "TextField":
        """Return the field with this text in it."""
        return replace(self, value=str(value)[: self.max_length])


@dataclass(frozen=True, kw_only=True, slots=True)
class RadioField:
    """One of two to ten choices."""

    key: str
    label: str
    options: Sequence[Option]
    description: str | None = None
    required: bool = True
    value: str | None = None

    def component(self) -> Component:
        """Make the group."""
        return discord.ui.RadioGroup(
            custom_id=self.key,
            required=self.required,
            options=[
                discord.RadioGroupOption(
                    label=option.label,
                    value=option.value,
                    description=option.description,
                    default=option.value == self.value,
                )
                for option in self.options
            ],
        )

    def filled(self, value: FormValue) -> "RadioField":
        """Return the field with this choice made."""
        return replace(self, value=str(value))


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckField:
    """Any of up to ten boxes."""

    key: str
    label: str
    options: Sequence[Option]
    description: str | None = None
    required: bool = False
    values: Sequence[str] = ()

    def component(self) -> Component:
        """Make the group."""
        return discord.ui.CheckboxGroup(
            custom_id=self.key,
            required=self.required,
            min_values=1 if self.required else 0,
            max_values=len(self.options),
            options=[
                discord.CheckboxGroupOption(
                    label=option.label,
                    value=option.value,
                    description=option.description,
                    default=option.value in self.values,
                )
                for option in self.options
            ],
        )

    def filled(self, value: FormValue) -> "CheckField":
        """Return the field with these boxes ticked."""
        return replace(
            self,
            values=[] if isinstance(value, bool) else [value] if isinstance(value, str) else value,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectField:
    """One of up to 25 choices."""

    key: str
    label: str
    options: Sequence[Option]
    description: str | None = None
    required: bool = True
    placeholder: str | None = None
    value: str | None = None

    def component(self) -> Component:
        """Make the select."""
        return discord.ui.Select(
            custom_id=self.key,
            required=self.required,
            placeholder=self.placeholder,
            options=[
                discord.SelectOption(
                    label=option.label,
                    value=option.value,
                    description=option.description,
                    default=option.value == self.value,
                )
                for option in self.options
            ],
        )

    def filled(self, value: FormValue) -> "SelectField":
        """Return the field with this choice made."""
        first = value if isinstance(value, (str, bool)) else next(iter(value), None)
        return replace(self, value=None if first is None else str(first))


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteField:
    """A text between the fields, such as who will see the answer."""

    text: str
    key: ClassVar[str] = ""

    def component(self) -> Component:
        """Make the text."""
        return discord.ui.TextDisplay(self.text)


Field: TypeAlias = TextField | RadioField | CheckField | SelectField | NoteField


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A modal of at most five fields.

    Attributes:
        id: The custom_id that the submit comes back with: the route and its arguments.
    """

    id: str
    title: str
    fields: Sequence[Field]

    @classmethod
    def of(cls, route: str, *args: object, title: str, fields: Sequence[Field]) -> "Form":
        """Declare a form that a route receives."""
        return cls(id=custom_id(route, *args), title=title, fields=fields)

    def filled(self, values: Mapping[str, FormValue]) -> "Form":
        """Return the form with what was typed before."""
        fields = [
            field
            if isinstance(field, NoteField) or field.key not in values
            else field.filled(values[field.key])
            for field in self.fields
        ]
        return replace(self, fields=fields)

    def modal(self) -> discord.ui.Modal:
        """Build the modal.

        Raises:
            ValueError: There are more than five fields.
        """
        if len(self.fields) > MOST_FIELDS:
            raise ValueError(f"{self.id} has {len(self.fields)} fields")
        modal = discord.ui.Modal(title=self.title[:LABEL_LENGTH], custom_id=self.id)
        for field in self.fields:
            if isinstance(field, NoteField):
                modal.add_item(field.component())
            else:
                modal.add_item(
                    discord.ui.Label(
                        text=field.label,
                        description=field.description,
                        component=field.component(),
                    )
                )
        # Submits are routed by custom_id for every form alike, since discord.py forgets open
        # modals at a restart; a stopped modal is not kept and answers nothing by itself.
        modal.stop()
        return modal


def submitted(components: Sequence[Mapping[str, Any]]) -> dict[str, FormValue]:
    """Read what a modal submit carries, by field key; an empty choice is left out."""
    values: dict[str, FormValue] = {}
    for component in components:
        inner = component.get("component")
        children = component.get("components", ()) if inner is None else (inner,)
        for child in children:
            value = child.get("value", child.get("values"))
            if value is not None and "custom_id" in child:
                values[child["custom_id"]] = value
    return values
