"""What others do with the same session: drain it and acknowledge, or write each message to InfluxDB by itself."""

import json
import sys
import time

from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import SYNCHRONOUS
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion


def plain(port: int, name: str, messages: int) -> dict[str, float]:
    """paho with loop_start, whose callback acknowledges and does nothing else."""
    times: list[float] = []
    client = _client(name, manual_ack=True)
    client.on_connect = lambda *_: times.append(time.monotonic())
    left = iter(range(messages - 1, -1, -1))

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        client.ack(message.mid, message.qos)
        if next(left) == 0:
            times.append(time.monotonic())

    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_start()
    before_s = time.process_time()
    while len(times) < 2:
        time.sleep(0.01)
    cpu_s = time.process_time() - before_s
    client.disconnect()
    client.loop_stop()
    return {"messages": messages, "seconds": times[1] - times[0], "cpu_s": cpu_s}


def script(port: int, name: str, seconds: int, url: str, token: str) -> dict[str, float]:
    """paho and one SYNCHRONOUS write for each message, for so long; into a database of its own name."""
    write = InfluxDBClient(url=url, token=token, org="-").write_api(write_options=SYNCHRONOUS)
    client, done = _client(name, manual_ack=True), 0

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        nonlocal done
        report = json.loads(message.payload)
        for sample in report["robots"]:
            point = Point("robot_status").tag("factory", message.topic.split("/")[2]).tag("robot", sample["robot"])
            for field in ("state", "mode", "power_on_hours", "energy_kwh"):
                point.field(field, sample[field])
            write.write(bucket=name, record=point.time(report["at"]))
        client.ack(message.mid, message.qos)
        done += 1

    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_start()
    time.sleep(seconds)
    taken = done
    client.disconnect()
    client.loop_stop()
    return {"messages": taken, "seconds": seconds}


def _client(name: str, *, manual_ack: bool) -> Client:
    return Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=manual_ack)


if __name__ == "__main__":
    which, at, session, count, *rest = sys.argv[1:]
    run = plain if which == "plain" else script
    print(json.dumps(run(int(at), session, int(count), *rest)))
