// What a plain Node script does: mqtt and @influxdata/influxdb-client with their defaults, one point a sample.
// node ingest_peer.mjs PORT CLIENT MESSAGES URL TOKEN BUCKET: says when it has begun and when it has received all.
import { InfluxDB, Point } from "@influxdata/influxdb-client";
import mqtt from "mqtt";

const [port, clientId, messages, url, token, bucket] = process.argv.slice(2);
const writer = new InfluxDB({ url, token }).getWriteApi("-", bucket);
const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId, clean: false });
let received = 0;
client.on("connect", () => console.log("begun"));
client.on("message", (topic, payload) => {
  const report = JSON.parse(payload);
  for (const sample of report.robots) {
    const point = new Point("robot_status").tag("factory", topic.split("/")[2]).tag("robot", sample.robot);
    point.stringField("state", sample.state).stringField("mode", sample.mode);
    point.floatField("power_on_hours", sample.power_on_hours).floatField("energy_kwh", sample.energy_kwh);
    writer.writePoint(point.timestamp(new Date(report.at)));
  }
  received += 1;
  if (received === Number(messages)) console.log("received");
});
