"""Ports: one that was asked for is that one or an error; a default that is taken gives way to the next free one."""

import errno
import socket

from robodensity.errors import Refusal

TRIES = 50


def claim(host: str, asked: int | None, default: int, *, purpose: str) -> tuple[socket.socket, bool]:
    """A socket bound to a port.

    Args:
        host: the address to bind.
        asked: the port that the person named; None takes `default` or the next free one after it.
        default: where to begin when none was named.
        purpose: what the port is for, for the sentence.

    Returns:
        The bound socket and whether it is another port than the default.

    Raises:
        Refusal: the port that was asked for is taken, or none is free.
    """
    # asyncio sends small answers at once only on sockets that name TCP; on others each waits 40 ms.
    first = default if asked is None else asked
    for port in range(first, first + (TRIES if asked is None else 1)):
        bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, proto=socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
            bound.listen()  # a socket that only binds does not keep others from the port
        except OSError as error:
            bound.close()
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise Refusal(
                    f"{host}:{port} cannot be used for {purpose}: {error.strerror}. Name another --host."
                ) from error
        else:
            return bound, asked is None and port != default
    if asked is not None:
        raise Refusal(
            f"Port {asked} on {host}, asked for {purpose}, is taken: stop what listens there, or name another port."
        )
    raise Refusal(f"No port from {first} to {first + TRIES - 1} on {host} is free for {purpose}: name one that is.")
