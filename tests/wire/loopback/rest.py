"""The HTTP interface: authentication, limits, faults, then SimCord's route table."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import web
from simcord.backend.errors import BackendError
from simcord.backend.models import Message
from simcord.enums import CallbackType, InteractionType
from simcord.http import router
from simcord.http import routes as _routes  # noqa: F401 - importing it registers the routes

from tests.wire.loopback.faults import Fault, FaultKind
from tests.wire.loopback.ledger import Received
from tests.wire.loopback.world import NONCE_LENGTH, World

# Discord's proxy adds this; without it discord.py takes a 429 for a ban and does not retry.
VIA = {"Via": "1.1 loopback"}
# These routes carry their own token in the address.
TOKEN_IN_PATH = re.compile(r"/(interactions|webhooks)/\d+/[^/]+")
# What SimCord raises when it meets something it does not model.
GAPS = (KeyError, ValueError, TypeError, AttributeError, NotImplementedError, IndexError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file of a multipart request, as SimCord's handlers want it."""

    filename: str
    description: str | None
    fp: io.BytesIO


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, read."""

    method: str
    path: str
    body: Any
    files: list[Upload]
    params: dict[str, Any]
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: Any = None
    headers: dict[str, str] | None = None


class Rest:
    """Answers the bot's requests as Discord would."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, or fail as a fault says."""
        call = await read_call(request)
        ledger = self.world.ledger
        entry = ledger.receive(call.method, call.path, call.body)
        if self.world.faults.outage:
            ledger.finish(entry, 503, "outage")
            return respond(Answer(status=503, body={"message": "Service Unavailable", "code": 0}))
        fault = self.world.faults.take(call.method, call.path, _text(call.body))
        if fault is not None:
            return await self._fail(request, call, entry, fault)
        answer = self._answer(request, call, entry)
        ledger.finish(entry, answer.status)
        return respond(answer)

    async def _fail(
        self, request: web.Request, call: Call, entry: Received, fault: Fault
    ) -> web.StreamResponse:
        ledger = self.world.ledger
        if fault.kind is FaultKind.DROP:
            return _hang_up(request, entry, self.world)
        if fault.kind is FaultKind.STATUS:
            ledger.finish(entry, fault.status, "fault")
            return respond(_refusal(fault))
        if fault.kind is FaultKind.STALL:
            await self._keep_waiting(entry, "stalled")
            if request.transport is None or request.transport.is_closing():
                return _hang_up(request, entry, self.world)
        answer = self._answer(request, call, entry)
        if fault.kind is FaultKind.LOSE:
            return _hang_up(request, entry, self.world)
        if fault.kind is FaultKind.HOLD:
            await self._keep_waiting(entry, "held")
        ledger.finish(entry, answer.status, "fault")
        return respond(answer)

    async def _keep_waiting(self, entry: Received, note: str) -> None:
        entry.note = note
        self.world.ledger.changed()
        await self.world.faults.released.wait()

    def _answer(self, request: web.Request, call: Call, entry: Received) -> Answer:
        if not self._authorised(request, call.path):
            return Answer(status=401, body={"message": "401: Unauthorized", "code": 0})
        verdict = self.world.limits.take(call.method, call.path, entry.at)
        if verdict.retry_after is not None:
            body = {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.retry_after, 3),
                "global": verdict.everywhere,
            }
            headers = verdict.headers | VIA | {"Retry-After": f"{verdict.retry_after:.3f}"}
            return Answer(status=429, body=body, headers=headers)
        try:
            result = self._carry_out(call)
        except (router.RouteNotImplemented, router.UnsupportedField) as error:
            return self._gap(call, str(error))
        except BackendError as error:
            return Answer(status=error.status, body=error.to_json(), headers=verdict.headers)
        except GAPS as error:
            return self._gap(call, repr(error))
        status = 204 if result is None else 200
        return Answer(status=status, body=result, headers=verdict.headers)

    def _gap(self, call: Call, why: str) -> Answer:
        self.world.ledger.gaps.append(f"{call.method} {call.path}: {why}")
        return Answer(status=501, body={"message": why, "code": 0})

    def _authorised(self, request: web.Request, path: str) -> bool:
        if TOKEN_IN_PATH.match(path):
            return True
        return request.headers.get("Authorization") == f"Bot {self.world.token}"

    def _carry_out(self, call: Call) -> Any:
        if call.path in {"/gateway", "/gateway/bot"}:
            return self._gateway_info(call.path)
        if call.path.startswith("/interactions/"):
            return self._callback(call)
        if call.method == "POST" and call.path.endswith("/messages"):
            return self._send(call)
        result = self._dispatch(call)
        if call.path == "/oauth2/applications/@me":
            result["flags"] = self.world.application_flags()
        return result

    def _gateway_info(self, path: str) -> dict[str, Any]:
        info: dict[str, Any] = {"url": "ws://loopback.invalid"}
        if path.endswith("/bot"):
            start = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            info |= {"shards": 1, "session_start_limit": start}
        return info

    def _dispatch(self, call: Call) -> Any:
        result = router.dispatch(
            self.world.backend,
            call.method,
            call.path,
            json=call.body,
            params=call.params,
            files=list(call.files),
            reason=call.reason,
            message_content_access=self.world.approved.message_content,
        )
        self.world.ledger.changed()
        return result

    def _callback(self, call: Call) -> Any:
        record = self.world.backend.interactions.get(int(call.path.split("/")[2]))
        kind = call.body.get("type") if isinstance(call.body, dict) else None
        if (
            record is not None
            and record.type == InteractionType.MODAL_SUBMIT
            and kind == CallbackType.MODAL
        ):
            raise BackendError(400, 50035, "Invalid Form Body: a modal cannot answer a modal")
        result = self._dispatch(call)
        return result if call.params.get("with_response") in {"1", "true", "True"} else None

    def _send(self, call: Call) -> Any:
        body = call.body if isinstance(call.body, dict) else {}
        nonce = body.get("nonce")
        if nonce is None:
            return self._dispatch(call)
        nonce = str(nonce)
        if len(nonce) > NONCE_LENGTH:
            raise BackendError(400, 50035, "Invalid Form Body: nonce is too long")
        if body.get("enforce_nonce"):
            known = self.world.message_by_nonce(nonce)
            if known is not None:
                return self._again(known) | {"nonce": nonce}
        result = self._dispatch(call)
        sent = self.world.backend.get_message(int(result["channel_id"]), int(result["id"]))
        self.world.nonces.remember(nonce, sent, self.world.backend.clock.now())
        return result | {"nonce": nonce}

    def _again(self, message: Message) -> dict[str, Any]:
        path = f"/channels/{message.channel_id}/messages/{message.id}"
        known: dict[str, Any] = router.dispatch(self.world.backend, "GET", path)
        return known


async def read_call(request: web.Request) -> Call:
    """Read a request as discord.py sends it: JSON, or a form with files."""
    files: list[Upload] = []
    body: Any = None
    if request.content_type == "multipart/form-data":
        body, files = await _read_form(request)
    elif request.can_read_body:
        raw = await request.read()
        body = orjson.loads(raw) if raw else None
    reason = request.headers.get("X-Audit-Log-Reason")
    return Call(
        method=request.method,
        path="/" + request.match_info["path"],
        body=body,
        files=files,
        params=dict(request.query),
        reason=unquote(reason) if reason else None,
    )


async def _read_form(request: web.Request) -> tuple[Any, list[Upload]]:
    form = await request.post()
    raw = form.get("payload_json")
    body = json.loads(raw) if isinstance(raw, str) else None
    if body is None:
        body = {name: value for name, value in form.items() if isinstance(value, str)}
    described = {
        str(item.get("id")): item.get("description")
        for item in (body.get("attachments") or body.get("data", {}).get("attachments") or [])
    }
    files = [
        Upload(
            filename=part.filename,
            description=described.get(name.removeprefix("files[").removesuffix("]")),
            fp=io.BytesIO(part.file.read()),
        )
        for name, part in form.items()
        if isinstance(part, web.FileField)
    ]
    return body, files


def respond(answer: Answer) -> web.Response:
    """Build a response; discord.py parses only exactly ``application/json``."""
    headers = dict(answer.headers or {})
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    headers["Content-Type"] = "application/json"
    raw = orjson.dumps(answer.body)
    return web.Response(status=answer.status, body=raw, headers=headers)


def _refusal(fault: Fault) -> Answer:
    if fault.status != 429:
        body: dict[str, Any] = {"message": fault.message, "code": fault.code}
        return Answer(status=fault.status, body=body)
    body = {"message": fault.message, "retry_after": fault.retry_after, "global": False}
    headers = VIA | {"Retry-After": str(fault.retry_after), "X-RateLimit-Scope": "shared"}
    return Answer(status=429, body=body, headers=headers)


def _hang_up(request: web.Request, entry: Received, world: World) -> web.StreamResponse:
    world.ledger.finish(entry, 0, "dropped")
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _text(body: Any) -> str:
    return "" if body is None else orjson.dumps(body).decode()
