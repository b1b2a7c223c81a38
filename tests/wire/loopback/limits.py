"""Discord's rate limits: one for the whole bot, one for each route and place."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import blake2b

# Discord's documented global limit; the send limit is what its headers show for a channel.
GLOBAL_LIMIT = 50
GLOBAL_SECONDS = 1.0
SEND_LIMIT = 5
SEND_SECONDS = 5.0
OTHER_LIMIT = 50
OTHER_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the limits say about one request: its headers, and how long to wait if refused."""

    headers: dict[str, str]
    retry_after: float | None = None
    everywhere: bool = False


@dataclass(slots=True)
class Bucket:
    """A fixed window that begins with its first request."""

    limit: int
    seconds: float
    remaining: int
    ends_at: float


@dataclass(slots=True)
class Limits:
    """Counts requests on a monotonic clock; ``None`` for ``per_second`` lifts the global limit."""

    per_second: int | None = GLOBAL_LIMIT
    sends: tuple[int, float] = (SEND_LIMIT, SEND_SECONDS)
    recent: deque[float] = field(default_factory=deque)
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, method: str, path: str, now: float) -> Verdict:
        """Count a request in, or say how long the bot has to wait.

        Answers to interactions are outside every limit, as on Discord.
        """
        if path.startswith(("/interactions/", "/webhooks/")):
            return Verdict(headers={})
        wait = self._global_wait(now)
        if wait is not None:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Verdict(headers=headers, retry_after=wait, everywhere=True)
        return self._take_from_bucket(method, path, now)

    def _global_wait(self, now: float) -> float | None:
        if self.per_second is None:
            return None
        while self.recent and now - self.recent[0] >= GLOBAL_SECONDS:
            self.recent.popleft()
        if len(self.recent) >= self.per_second:
            return GLOBAL_SECONDS - (now - self.recent[0])
        self.recent.append(now)
        return None

    def _take_from_bucket(self, method: str, path: str, now: float) -> Verdict:
        name, place, limit, seconds = self._rule(method, path)
        key = f"{name} {place}"
        bucket = self.buckets.get(key)
        if bucket is None or now >= bucket.ends_at:
            bucket = self.buckets[key] = Bucket(limit, seconds, limit, now + seconds)
        wait = max(0.0, bucket.ends_at - now)
        refused = bucket.remaining <= 0
        if not refused:
            bucket.remaining -= 1
        headers = {
            "X-RateLimit-Bucket": blake2b(name.encode(), digest_size=16).hexdigest(),
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.remaining),
            "X-RateLimit-Reset-After": f"{wait:.3f}",
        }
        if not refused:
            return Verdict(headers=headers)
        headers["X-RateLimit-Scope"] = "user"
        return Verdict(headers=headers, retry_after=wait)

    def _rule(self, method: str, path: str) -> tuple[str, str, int, float]:
        parts = path.strip("/").split("/")
        place = parts[1] if len(parts) > 1 and parts[0] in {"channels", "guilds"} else ""
        template = "/".join(":id" if part.isdecimal() else part for part in parts)
        name = f"{method} /{template}"
        if name == "POST /channels/:id/messages":
            return name, place, *self.sends
        return name, place, OTHER_LIMIT, OTHER_SECONDS
