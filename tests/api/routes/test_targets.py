import httpx
import pytest
from api_city import TODAY, Serve, Writer, standing


def test_get_targets_without_figures_gives_the_plan_and_nulls(client: httpx.Client) -> None:
    targets = client.get("/v1/targets").json()["targets"]
    assert [target["id"] for target in targets] == ["SH-13", "SH-14", "SH-11"]
    density = targets[1]
    assert (density["value"], density["unit"]["zh"], density["series"]) == (500.0, "台/万人", "key")
    assert density["published"] == {"value": 383.0, "source": "ARE"}
    assert "500台/万人" in density["sentence"]
    assert (density["actual"], density["status"], density["progress"]) == (None, None, None)


def test_get_targets_gives_the_citys_standing(client: httpx.Client, write: Writer) -> None:
    write.standings(standing("city", "SH-13", TODAY, pace=None), standing("park:P01", "SH-13", TODAY, actual=1.0))
    write.folded()
    target = client.get("/v1/targets").json()["targets"][0]
    assert (target["actual"], target["planned"], target["gap"]) == (60.0, 72.0, -12.0)
    assert (target["progress"], target["planned_progress"], target["lead"]) == (0.6, 0.72, -12.0)
    assert (target["pace"], target["status"]) == (None, "on_track")


@pytest.mark.parametrize("simulated", [True, False])
def test_get_targets_says_whether_the_data_is_simulated(serve: Serve, simulated: bool) -> None:  # noqa: FBT001
    assert serve(simulated=simulated).get("/v1/targets").json()["simulated"] is simulated
