import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from commands import running_robodensity, said
from services import free_port
from workers import Gateway, wait_for

TODAY = datetime.now(UTC).date()
FIRST_DAY = TODAY - timedelta(days=90)  # fewer days to write
FORGOTTEN_ON = TODAY - timedelta(days=70)  # its month is published on any day of this one

# A robot of the simulated city that its factory forgot to report.
LATE = {
    "events": [
        {
            "robot": "R-FORGOTTEN", "event": "commissioned", "at": f"{FORGOTTEN_ON}T09:00:00+08:00",
            "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E-FORGOTTEN"},
            "category": "articulated",
        }
    ]
}  # fmt: skip


@pytest.mark.broker
def test_up_demo_publishes_its_history_so_that_a_late_report_restates_it(tmp_path: Path) -> None:
    port, mqtt_port = free_port(), free_port()
    words = ("--demo", "--scale", "0.001", "--data-dir", "data", "--port", str(port), "--mqtt-port", str(mqtt_port))
    with running_robodensity("up", *words, folder=tmp_path, FIRST_DAY=str(FIRST_DAY)) as process:
        said(process, "The city goes on live")
        key = (tmp_path / "data" / "admin.key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as api:

            def restated() -> list[dict[str, object]]:
                asked = {"scope": "city", "figure": "stock", "limit": "100"}
                return api.get("/v1/restatements", params=asked).raise_for_status().json()["restatements"]

            assert restated() == []  # what came before was history
            factory = api.get("/v1/factories?limit=1").json()["factories"][0]["factory"]
            gateway = Gateway(mqtt_port, factory)
            gateway.report("lifecycle", LATE)
            gateway.close()
            wait_for(restated, "the late robot is in the published months")
            rows = [row for row in restated() if row["series"] == "total"]
        assert min(str(row["day"]) for row in rows)[:7] == f"{FORGOTTEN_ON:%Y-%m}"
        assert {row["new"] - row["old"] for row in rows} == {1}
        assert {row["report"]["slot"]["robot"] for row in rows} == {"R-FORGOTTEN"}
        process.send_signal(signal.SIGINT)
        said(process, "Stopped.")
        assert process.wait(20) == 0
