import httpx
from api_city import TODAY, Writer, factory, figure, standing

from api.credit_code import check_character


def _three_parks(write: Writer) -> None:
    for park, lead, status in (("P03", -3.0, "on_track"), ("P01", -12.0, "lagging"), ("P02", None, "no_data")):
        write.figures(*(figure(f"park:{park}", series, TODAY) for series in ("total", "key")))
        write.standings(standing(f"park:{park}", "SH-13", TODAY, lead=lead, status=status))
    write.folded()


def test_get_parks_orders_by_lead_with_those_without_at_the_end(admin: httpx.Client, write: Writer) -> None:
    _three_parks(write)
    parks = admin.get("/v1/parks").json()["parks"]
    assert len(parks) == 57
    assert [(park["park"], park["lead"]) for park in parks[:3]] == [("P01", -12.0), ("P03", -3.0), ("P02", None)]
    assert parks[0]["total"]["stock"] == 100
    assert (parks[0]["quota"], parks[0]["basis"], parks[0]["target"]) == (100.0, "assigned", "SH-13")
    empty = next(park for park in parks if park["park"] == "P57")
    assert (empty["total"]["stock"], empty["quota"], empty["status"], empty["ranked"]) == (0, None, None, False)


def test_get_parks_by_status_gives_only_those(admin: httpx.Client, write: Writer) -> None:
    _three_parks(write)
    lagging = admin.get("/v1/parks", params={"status": "lagging"}).json()["parks"]
    assert [park["park"] for park in lagging] == ["P01"]


def test_get_parks_ranks_only_with_a_thousand_persons_and_three_firms(admin: httpx.Client, write: Writer) -> None:
    # P01 has three firms, P02 two factories of one firm and one more, P03 three firms and 999 persons.
    stem = "91310000MA1FL0XX0"
    code = stem + check_character(stem)
    firms = [factory(n, park="P01") for n in (1, 2, 3)]
    firms += [factory(n, park="P02", credit_code=code) for n in (4, 5)] + [factory(6, park="P02")]
    firms += [factory(n, park="P03") for n in (7, 8, 9)]
    assert admin.post("/v1/factories", json=firms).status_code == 201
    for park, persons in (("P01", 1_000), ("P02", 5_000), ("P03", 999)):
        write.figures(figure(f"park:{park}", "total", TODAY, persons=persons))
        write.standings(standing(f"park:{park}", "SH-13", TODAY))
    write.folded()
    parks = {park["park"]: park for park in admin.get("/v1/parks").json()["parks"]}
    assert [parks[park]["firms"] for park in ("P01", "P02", "P03")] == [3, 2, 3]
    assert [parks[park]["ranked"] for park in ("P01", "P02", "P03")] == [True, False, False]


def test_get_park_gives_one(admin: httpx.Client, write: Writer) -> None:
    _three_parks(write)
    park = admin.get("/v1/parks/P01").json()
    assert (park["park"], park["status"], park["simulated"]) == ("P01", "lagging", True)
    assert park["name"]["zh"]


def test_get_parks_in_another_key_set_and_with_rates(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("park:P01", "key", TODAY, stock=5), figure("park:P01", "key:plan6", TODAY, stock=9))
    write.standings(standing("park:P01", "SH-13", TODAY, required_rate=40.0, trailing_rate=12.0))
    write.folded()
    own, other = (admin.get("/v1/parks/P01", params=given).json() for given in ({}, {"key_set": "plan6"}))
    assert (own["key"]["stock"], other["key"]["stock"], other["key_set"]) == (5, 9, "plan6")
    assert (own["required_rate"], own["trailing_rate"]) == (40.0, 12.0)
    assert "forecast" not in own  # none is made below district
