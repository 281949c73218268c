import asyncio
import socket
from collections.abc import Iterator

import pytest

from robodensity.errors import Refusal
from robodensity.up.ports import claim


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_claim_takes_the_next_free_port_in_place_of_a_default(taken: int) -> None:
    bound, other = claim("127.0.0.1", None, taken, purpose="a test")
    with bound:
        assert other
        assert taken < bound.getsockname()[1] < taken + 50


def test_claim_refuses_a_port_that_was_asked_for_and_is_taken(taken: int) -> None:
    with pytest.raises(Refusal, match=f"Port {taken} on 127.0.0.1, asked for a test, is taken"):
        claim("127.0.0.1", taken, 8000, purpose="a test")


def test_claim_refuses_an_address_that_is_not_ours() -> None:
    with pytest.raises(Refusal, match=r"192\.0\.2\.1:8000 cannot be used"):
        claim("192.0.2.1", None, 8000, purpose="a test")


def test_claim_gives_a_socket_on_which_asyncio_answers_at_once() -> None:
    bound, _ = claim("127.0.0.1", None, 8000, purpose="a test")

    async def nodelay() -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(answer, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname())
            writer.close()
            return await told

    assert asyncio.run(nodelay())  # without it each answer waits for the reader's delayed acknowledgement
