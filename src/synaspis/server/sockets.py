"""A connection to a seat: frames go out on the tick, what people do comes in, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Final

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from synaspis.server.ledger import Ledger
from synaspis.server.limits import Limits, Meter
from synaspis.server.play import Play
from synaspis.server.stream import ENDED, TOO_SLOW, UNFIT, Line, Stream

TOO_OFTEN: Final = "too much at once: this was not taken; wait a little and say it again"
NOT_TAKEN: Final = "this could not be taken now; say it again"
REASONS: Final = {
    TOO_SLOW: "this client reads too slowly",
    ENDED: "this seat was left or given to another",
    UNFIT: "this is nothing that a seat says",
}


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """What a seat says: something done, under an id of the client's own, or the last frame that it has."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | msgspec.UnsetType = msgspec.UNSET
    do: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    have: Annotated[int, msgspec.Meta(ge=0)] | msgspec.UnsetType = msgspec.UNSET


def read(text: str) -> Told:
    """A frame of a client. ValueError where it is none."""
    try:
        told = msgspec.json.decode(text, type=Told)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as problem:
        raise ValueError(str(problem)) from problem
    acts = told.id is not msgspec.UNSET and told.do is not msgspec.UNSET
    asks = told.have is not msgspec.UNSET
    if acts == asks or (not acts and (told.id is not msgspec.UNSET or told.do is not msgspec.UNSET)):
        raise ValueError("either `id` and `do`, or `have`")
    return told


class Attendance:
    """All connections to all seats, and what they say handed on to the play."""

    def __init__(self, play: Play, ledger: Ledger, limits: Limits) -> None:
        self._play, self._ledger, self._limits = play, ledger, limits
        self.streams = {seat: Stream(seat, play, ledger) for seat in play.seats()}
        self._inputs = Meter(limits.inputs)
        # One at a time for each seat, and a thread for each: no seat waits for another's.
        self._turns = {seat: asyncio.Lock() for seat in self.streams}
        self._pool = ThreadPoolExecutor(max_workers=len(self.streams) + 1, thread_name_prefix="seat")

    def close(self) -> None:
        """Take nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def full(self, seat: str) -> bool:
        """Whether the seat has all connections that it may have."""
        return len(self.streams[seat].lines) >= self._limits.sockets

    def cut(self, seat: str, sessions: Container[str] | None) -> None:
        """End the connections of these sessions, or (None) all connections of the seat."""
        for line in self.streams[seat].lines:
            if sessions is None or line.session in sessions:
                line.close(ENDED)

    async def attend(self, socket: WebSocket, seat: str, session: str) -> None:
        """Serve an accepted connection until it ends."""
        stream, line = self.streams[seat], Line(session, self._limits.behind_frames)
        stream.join(line)
        tasks = {
            asyncio.create_task(self._write(socket, line)),
            asyncio.create_task(self._listen(socket, stream, line)),
            asyncio.create_task(line.ended.wait()),  # whatever the other two are waiting for
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stream.part(line)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if line.closed and socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(line.closed, REASONS.get(line.closed, ""))

    async def _write(self, socket: WebSocket, line: Line) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (frame := await line.take()) is not None:
                await socket.send_text(frame)

    async def _listen(self, socket: WebSocket, stream: Stream, line: Line) -> None:
        refused = 0
        while not line.closed:
            message = await socket.receive()
            if message["type"] != "websocket.receive":
                return
            try:
                told = read(message.get("text") or "")
            except ValueError:
                self._ledger.refused(stream.seat, "a frame that is nothing a seat says")
                line.close(UNFIT)
                return
            if told.have is not msgspec.UNSET:
                stream.missed(line, told.have)
            within = self._inputs.take(stream.seat)
            refused = 0 if within else refused + 1
            if refused > self._limits.refused_inputs:
                line.close(UNFIT)
                return
            if told.id is msgspec.UNSET or told.do is msgspec.UNSET:
                continue
            if within:
                stream.answered(told.id, *await self._submit(stream.seat, told.id, told.do))
            else:
                self._ledger.refused(stream.seat, "more inputs than people make")
                stream.answered(told.id, False, TOO_OFTEN)

    async def _submit(self, seat: str, id: str, do: dict[str, Any]) -> tuple[bool, str]:
        """What the play says of an input. Not cut short when the connection is: it may be written already."""
        loop = asyncio.get_running_loop()
        async with self._turns[seat]:
            try:
                return await asyncio.shield(loop.run_in_executor(self._pool, self._play.submit, seat, id, do))
            except Exception as problem:
                self._ledger.refused(seat, f"an input that could not be taken: {type(problem).__name__}")
                return False, NOT_TAKEN
