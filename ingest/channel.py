"""The socket that paho is given: what it sends goes out whole, and of what comes it sees all but the messages."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from paho.mqtt.client import Client

from ingest.arrival import Arrival
from ingest.packets import PacketReader, pubacks

READ_BYTES: Final = 256 * 1024
_LINGER_S: Final = 1.0
_LATER: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Channel:
    """A connection of which paho keeps the session and we take the messages.

    Args:
        sock: connected.
        reader: of this connection.
    """

    def __init__(self, sock: socket.socket, reader: PacketReader) -> None:
        self._sock = sock
        self._reader = reader
        self._for_paho = bytearray()
        self._outgoing = bytearray()
        self._ended = False

    def receive(self, arrived_ns: int, received_s: float) -> list[Arrival]:
        """What one read of the socket brings; what is not a message waits for paho.

        Raises:
            MalformedPacketError: close the connection.
        """
        try:
            data = self._sock.recv(READ_BYTES)
        except _LATER:
            return []
        except OSError:
            data = b""
        self._ended = self._ended or not data
        arrivals, others = self._reader.feed(data, arrived_ns, received_s)
        self._for_paho += others
        return arrivals

    def break_off(self) -> None:
        """Tell paho that the connection has ended."""
        self._ended = True

    @property
    def buffered(self) -> bool:
        """Whether bytes have come that no poll of the socket tells of."""
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    @property
    def paho_has_work(self) -> bool:
        """Whether paho should read: a packet of its own, or the end of the connection."""
        return self._ended or bool(self._for_paho)

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Send PUBACKs, in this order."""
        self.send(pubacks(mids))

    @property
    def wants_write(self) -> bool:
        """Whether the socket has not taken everything yet."""
        return bool(self._outgoing)

    def flush(self) -> None:
        """Send as much as the socket takes; a broken one shows when it is read."""
        try:
            while self._outgoing:
                del self._outgoing[: self._sock.send(self._outgoing)]
        except _LATER:
            pass
        except OSError:
            self._outgoing.clear()

    # What paho asks of a socket.

    def recv(self, size: int) -> bytes:
        """The next bytes of packets that are paho's; empty at the end of the connection."""
        if not self._for_paho and not self._ended:
            raise BlockingIOError
        data = bytes(self._for_paho[:size])
        del self._for_paho[:size]
        return data

    def send(self, data: bytes) -> int:
        """Take all, so that no packet of ours comes into the midst of one of paho's."""
        self._outgoing += data
        self.flush()
        return len(data)

    def fileno(self) -> int:
        """Of the socket."""
        return self._sock.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - the signature of sockets
        """As of a socket."""
        self._sock.setblocking(flag)

    def close(self) -> None:
        """Close the socket when the other side has read what was sent: a reset could take that away from it."""
        until_s = time.monotonic() + _LINGER_S
        with suppress(OSError):
            self._sock.settimeout(_LINGER_S)
            self._sock.shutdown(socket.SHUT_WR)
            while not self._ended and time.monotonic() < until_s:
                self._ended = not self._sock.recv(READ_BYTES)
        self._sock.close()


class ChannelClient(Client):
    """paho over a channel of ours.

    Args:
        make: from a connected socket to its channel.
        options: as paho's own.
    """

    def __init__(self, make: Callable[[socket.socket], Channel], **options: Any) -> None:  # noqa: ANN401 - paho's own
        super().__init__(**options)
        self._make = make

    def _create_socket(self) -> Any:  # noqa: ANN401 - paho's own; its one seam for another socket
        return self._make(super()._create_socket())  # type: ignore[arg-type]
