"""Settings of the process, from the environment and `.env`."""

import re
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")


class Settings(BaseSettings):
    """Everything the operator can set; each variable is `INTERLUDE_` and the field's name."""

    model_config = SettingsConfigDict(
        env_prefix="INTERLUDE_", env_file=".env", frozen=True, extra="ignore"
    )

    token: SecretStr | None = Field(
        None, description="The bot's token from Discord's developer portal; only `run` needs it."
    )
    data_dir: Path = Field(
        Path(platformdirs.user_data_dir("interlude")),
        description="Where the database and the logs live.",
    )
    keys_dir: Path = Field(
        Path(platformdirs.user_state_dir("interlude")),
        description="Where `keys.db`, the people's wrapped keys, lives. Back it up apart.",
    )
    host_key: SecretStr | None = Field(
        None, description="The host key itself, base64; used instead of the file."
    )
    host_key_file: Path = Field(
        Path(platformdirs.user_config_dir("interlude")) / "host.key",
        description="The file that holds the host key, made at first start, readable by you only.",
    )
    guild_id: int | None = Field(
        None, description="The server's ID; needed only while the bot is in more than one."
    )
    crisis_file: Path | None = Field(
        None, description="Your own crisis lines, used instead of the ones that come with it."
    )
    left_months: int = Field(
        12,
        ge=1,
        le=120,
        description="Months after which everything of a person who left the server is deleted.",
    )
    ladder_file: Path | None = Field(
        None, description="Your own ladder of who is rung when, used instead of `data/ladder.toml`."
    )
    outside_webhook: SecretStr | None = Field(
        None,
        description="Address called at a request's last step, such as of a pager service. "
        "It is called at any hour, so only people who agreed to that may be behind it.",
    )
    outside_mail_to: str = Field(
        "",
        description="E-mail addresses written to at a request's last step, with commas between; "
        "at any hour too.",
    )
    smtp_host: str = Field("", description="The mail server; without it no e-mail is sent.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the mail server is spoken to; `none` only on this machine."
    )
    smtp_user: str = Field("", description="The name at the mail server, where it asks for one.")
    smtp_password: SecretStr | None = Field(
        None, description="The password at the mail server, where it asks for one."
    )
    smtp_from: str = Field("", description="The address that e-mail comes from.")
    screen_messages: bool = Field(
        default=False,
        description="Look for danger words in what people post in rooms. Needs the Message Content "
        "intent, switched on for the bot in Discord's Developer Portal.",
    )
    keep_excerpts: bool = Field(
        default=False,
        description="Keep what was written where danger words were found, sealed, until 72 hours "
        "after its case is closed. By default no text is kept.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged. No level logs what people write."
    )
    discord_api: str | None = Field(
        None, description="Base address of Discord's REST interface, for a proxy or a test."
    )
    discord_gateway: str | None = Field(
        None, description="Address of Discord's gateway, for a test."
    )
    demo_port: int = Field(8700, description="Port of the demo's page on this machine.")

    @model_validator(mode="after")
    def _check_mail(self) -> "Settings":
        """Check that what is to be written to can be, so that no call-out fails at night.

        Raises:
            ValueError: An address is none, or there is no mail server for it.
        """
        wrong = [address for address in self.mail_addresses if not ADDRESS.fullmatch(address)]
        if self.smtp_from and not ADDRESS.fullmatch(self.smtp_from):
            wrong.append(self.smtp_from)
        if wrong:
            raise ValueError(f"not an e-mail address: {', '.join(wrong)}")
        if (self.mail_addresses or self.smtp_host) and not (self.smtp_host and self.smtp_from):
            raise ValueError("e-mail needs INTERLUDE_SMTP_HOST and INTERLUDE_SMTP_FROM")
        hook = self.outside_webhook.get_secret_value() if self.outside_webhook else "https://-"
        if not hook.startswith(("https://", "http://")):
            raise ValueError("INTERLUDE_OUTSIDE_WEBHOOK must begin with https://")
        return self

    @property
    def mail_addresses(self) -> tuple[str, ...]:
        """Who is written to at a request's last step."""
        return tuple(part.strip() for part in self.outside_mail_to.split(",") if part.strip())

    @property
    def host_key_given(self) -> str | None:
        """The host key from the environment, where there is one."""
        return self.host_key.get_secret_value() if self.host_key else None

    @property
    def database_file(self) -> Path:
        """Where the database lives."""
        return self.data_dir / "interlude.db"

    @property
    def keys_file(self) -> Path:
        """Where the wrapped keys live."""
        return self.keys_dir / "keys.db"

    @property
    def audit_head_file(self) -> Path:
        """Where the hash of the audit log's last line lives."""
        return self.data_dir / "audit.head"


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        StartError: A variable has a value that cannot be used; all of them are named.
    """
    try:
        return Settings.model_validate({}) if not overrides else Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        faults = "; ".join(
            f"INTERLUDE_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            if fault["loc"]
            else fault["msg"]
            for fault in error.errors()
        )
        raise StartError(f"These settings cannot be used: {faults}") from error
