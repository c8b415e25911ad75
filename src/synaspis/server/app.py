"""The seats of an exercise over HTTP: joining, pages, connections, and the director's invitations."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, FastAPI, Path, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from synaspis.server import pages
from synaspis.server.gate import Gate
from synaspis.server.house import House
from synaspis.server.play import DIRECTOR

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"


class Redeemed(BaseModel):
    """The token of an invitation's link."""

    model_config = ConfigDict(extra="forbid")
    invite: Annotated[str, Field(min_length=1, max_length=128)]


class OfSeat(BaseModel):
    """Which seat the director means."""

    model_config = ConfigDict(extra="forbid")
    seat: Annotated[str, Field(min_length=1, max_length=120)]


WORDS: Final = {"type": "object", "required": ["words"], "properties": {"words": {"type": "string"}}}
REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"description": "Refused, and why.", "content": {JSON: {"schema": WORDS}}}
    for code in (400, 401, 403, 404, 405, 408, 409, 413, 421, 422, 429)
}
Seat = Annotated[str, Path(min_length=1, max_length=120)]


def app(house: House) -> Gate:
    """The application: everything behind the gate."""
    return Gate(inner(house), house.names, house.limits, house.ledger, house.knows)


def inner(house: House) -> FastAPI:
    """The paths, without the gate; its OpenAPI document describes them and is not served."""

    @contextlib.asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        for seat in house.titles:  # after a crash the exercise may have it otherwise
            await asyncio.to_thread(house.say_who_sits, seat)
        beating = asyncio.create_task(house.beat.run())
        yield
        beating.cancel()
        house.attendance.close()

    made = FastAPI(
        title="Synaspis: seats of an exercise", openapi_url=None, docs_url=None, redoc_url=None,
        lifespan=alive, redirect_slashes=False,
    )  # fmt: skip
    router = APIRouter(responses=REFUSALS)
    _pages(router, house)
    _sitting(router, house)
    _directing(router, house)
    _connecting(router, house)
    made.include_router(router)
    made.add_exception_handler(HTTPException, refused)
    made.add_exception_handler(RequestValidationError, misread)
    return made


async def refused(_: Request, problem: Exception) -> Response:
    """The words of a refusal."""
    assert isinstance(problem, HTTPException)
    return answer({"words": problem.detail}, problem.status_code, headers=problem.headers)


async def misread(_: Request, problem: Exception) -> Response:
    """Something that is not understood."""
    # What was sent is not said back: it may be anything, and text that is no Unicode cannot be.
    return answer({"words": "this is nothing that is meant here"}, 422)


def answer(told: Any, status: int = 200, headers: Any = None) -> Response:
    """As JSON."""
    return Response(msgspec.json.encode(told), status, media_type=JSON, headers=headers)


def add_assets(router: APIRouter) -> None:
    """The path of the built files that pages ask for."""
    built = pages.assets()

    @router.get("/assets/{name}")
    async def asset(name: str, request: Request) -> Response:
        """A built file."""
        found = built.get(name)
        if found is None:
            raise HTTPException(404, "there is no such file")
        headers = {"ETag": found.tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == found.tag:
            return Response(status_code=304, headers=headers)
        return Response(found.content, headers={**headers, "Content-Type": found.kind})


def _pages(router: APIRouter, house: House) -> None:
    add_assets(router)

    @router.get("/")
    async def join_page() -> Response:
        """Where links lead."""
        return Response(pages.join_page(), media_type=HTML)

    @router.get("/seats/{seat}/")
    async def seat_page(seat: Seat, request: Request) -> Response:
        """The seat's page; the one for joining where nobody sits there in this browser."""
        try:
            house.session(request.cookies, seat)
        except HTTPException as problem:
            if problem.status_code != 401:
                raise
            return Response(pages.join_page(), 401, media_type=HTML)
        return Response(pages.seat_page(seat, house.titles[seat]), media_type=HTML)

    @router.get("/seats/{seat}/still.json")
    async def still(seat: Seat, request: Request) -> Response:
        """What never changes in the seat."""
        house.session(request.cookies, seat)
        return Response(await asyncio.to_thread(house.still, seat), media_type=JSON)


def _sitting(router: APIRouter, house: House) -> None:
    def path_of(seat: str) -> str:
        return f"/seats/{quote(seat, safe='')}/"

    @router.post("/seats/{seat}/join")
    async def join(seat: Seat, told: Redeemed, request: Request) -> Response:
        """An invitation becomes a session, once."""
        async with house.turn(seat):
            before = house.doors.session(seat, request.cookies.get(house.cookie, ""))
            admission = await asyncio.to_thread(house.doors.redeem, seat, told.invite)
            if not admission.cookie:
                house.ledger.refused(seat, "an invitation that opens nothing")
                raise HTTPException(403, admission.words)
            house.attendance.cut(seat, admission.ended)
            if before is not None:
                await asyncio.to_thread(house.doors.leave, seat, before)
            house.ledger.note(seat, "an invitation was redeemed")
            await asyncio.to_thread(house.say_who_sits, seat)
        made = answer({"seat": seat, "title": house.titles[seat], "path": path_of(seat)})
        made.set_cookie(
            house.cookie, admission.cookie, max_age=int(house.limits.session_s), path=path_of(seat),
            secure=house.names.tls, httponly=True, samesite="strict",
        )  # fmt: skip
        return made

    @router.post("/seats/{seat}/leave")
    async def leave(seat: Seat, request: Request) -> Response:
        """The session ends. Where nobody else sits there, the protocol plays the seat."""
        session = house.session(request.cookies, seat)
        async with house.turn(seat):
            await asyncio.to_thread(house.doors.leave, seat, session)
            house.attendance.cut(seat, (session,))
            house.ledger.note(seat, "left")
            if house.doors.count(seat)[1] == 0:
                await asyncio.to_thread(house.say_who_sits, seat)
        made = answer({"seat": seat})
        made.delete_cookie(
            house.cookie, path=path_of(seat), secure=house.names.tls, httponly=True, samesite="strict"
        )
        return made


def _directing(router: APIRouter, house: House) -> None:
    @router.post("/seats/director/invite")
    async def invite(told: OfSeat, request: Request) -> Response:
        """A new link for a seat, for the director to give on."""
        house.session(request.cookies, DIRECTOR)
        link = await asyncio.to_thread(house.link, told.seat)
        house.ledger.note(DIRECTOR, f"invited somebody to {told.seat}")
        return answer({"seat": told.seat, "link": link})

    @router.post("/seats/director/revoke")
    async def revoke(told: OfSeat, request: Request) -> Response:
        """Links and sessions of a seat are worth nothing from now on."""
        house.session(request.cookies, DIRECTOR)
        if house.known(told.seat) == DIRECTOR:
            raise HTTPException(409, "the director's own seat is not revoked from itself; leave it instead")
        async with house.turn(told.seat):
            links, sessions = await asyncio.to_thread(house.doors.revoke, told.seat)
            house.attendance.cut(told.seat, None)
            house.ledger.note(DIRECTOR, f"revoked {links} links and {sessions} sessions of {told.seat}")
            await asyncio.to_thread(house.say_who_sits, told.seat)
        return answer({"seat": told.seat, "links": links, "sessions": sessions})

    @router.get("/seats/director/seats.json")
    async def seats(request: Request) -> Response:
        """Who is where: by seat its title, links not redeemed, sessions and connections."""
        house.session(request.cookies, DIRECTOR)
        return answer({"seats": house.presence()})


def _connecting(router: APIRouter, house: House) -> None:
    @router.websocket("/seats/{seat}/ws")
    async def connect(socket: WebSocket, seat: str) -> None:
        """Frames out on the tick, inputs in."""
        try:
            session = house.session(socket.cookies, seat)
        except HTTPException:
            await socket.close()
            return
        if house.attendance.full(seat) or not house.connections.take(seat):
            house.ledger.refused(seat, "more connections than people make")
            await socket.close()
            return
        await socket.accept()
        await house.attendance.attend(socket, seat, session)
