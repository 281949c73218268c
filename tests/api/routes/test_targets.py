from typing import Any

import httpx
import pytest
from api_city import KEY, TODAY, Serve, Writer, standing


def test_get_targets_without_figures_gives_the_plan_in_its_order_and_nulls(client: httpx.Client) -> None:
    targets = client.get("/v1/targets").json()["targets"]
    ids = [target["id"] for target in targets]
    assert ids == sorted(ids)
    assert {target["id"] for target in targets if target["headline"]} == {"SH-11", "SH-13", "SH-14"}
    density = next(target for target in targets if target["id"] == "SH-14")
    assert (density["value"], density["unit"]["zh"], density["series"]) == (500.0, "台/万人", "key")
    assert (density["measured_by"], density["comparison"]) == ("figure", "at_least")
    assert density["published"]["value"] == 383.0
    assert "500台/万人" in density["sentence"]
    assert (density["actual"], density["status"], density["progress"]) == (None, None, None)


def _found(answer: httpx.Response, target: str) -> dict[str, Any]:
    return next(each for each in answer.json()["targets"] if each["id"] == target)


def test_get_targets_gives_the_citys_standing(client: httpx.Client, write: Writer) -> None:
    rates = {"required_rate": 30.0, "trailing_rate": 25.5}
    write.standings(standing("city", "SH-13", TODAY, pace=None, **rates), standing("park:P01", "SH-13", TODAY))
    write.folded()
    target = _found(client.get("/v1/targets"), "SH-13")
    assert (target["actual"], target["planned"], target["gap"]) == (60.0, 72.0, -12.0)
    assert (target["progress"], target["planned_progress"], target["lead"]) == (0.6, 0.72, -12.0)
    assert (target["pace"], target["status"]) == (None, "on_track")
    assert (target["required_rate"], target["trailing_rate"]) == (30.0, 25.5)


def test_get_targets_in_another_key_set_gives_that_standing(client: httpx.Client, write: Writer) -> None:
    write.standings(
        standing("city", "SH-14", TODAY, actual=383.0), standing("city", "SH-14:plan6", TODAY, actual=240.0)
    )
    write.standings(standing("city", "SH-13", TODAY, actual=9.0))
    write.folded()
    own, other = (client.get("/v1/targets", params=given) for given in ({}, {"key_set": "plan6"}))
    assert (own.json()["key_set"], other.json()["key_set"]) == ("bureau6", "plan6")
    assert (_found(own, "SH-14")["actual"], _found(other, "SH-14")["actual"]) == (383.0, 240.0)
    assert _found(other, "SH-13")["actual"] == 9.0  # no target of the key industries


def test_get_targets_gives_the_forecast_to_the_admin_alone(client: httpx.Client, write: Writer) -> None:
    write.forecasts({"low": 90.0, "middle": 100.0, "high": 130.0, "probability": 0.8, "chance": "likely"})
    write.folded()
    assert "forecast" not in _found(client.get("/v1/targets"), "SH-13")
    answer = client.get("/v1/targets", headers={"Authorization": f"Bearer {KEY}"})
    assert _found(answer, "SH-13")["forecast"] == {
        "low": 90.0, "middle": 100.0, "high": 130.0, "probability": 0.8, "chance": "likely",
    }  # fmt: skip
    assert _found(answer, "SH-14")["forecast"] is None
    wrong = client.get("/v1/targets", headers={"Authorization": "Bearer wrong"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "key_wrong")


@pytest.mark.parametrize("simulated", [True, False])
def test_get_targets_says_whether_the_data_is_simulated(serve: Serve, simulated: bool) -> None:  # noqa: FBT001
    assert serve(simulated=simulated).get("/v1/targets").json()["simulated"] is simulated
