"""amqtt as a child process: MQTT 3.1.1 on loopback, in memory. Run as `python -m`, with the port."""

import asyncio
import signal
import sys

from amqtt.broker import Broker


def configuration(port: int) -> dict[str, object]:
    """The settings of amqtt: one listener, no accounts."""
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }


async def serve(port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    broker = Broker(configuration(port))
    await broker.start()
    await stop.wait()
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
