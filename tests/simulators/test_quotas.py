from simulators.city import build_city
from simulators.quotas import FILE, OUTSIDE_PARKS, quotas, quotas_file
from simulators.reference import read_seeds


def test_quotas_sum_to_the_plan_over_parks_and_over_districts() -> None:
    split = quotas(build_city(read_seeds(), seed=1, scale=0.05))
    districts = [value for scope, value in split.items() if scope.startswith("district:")]
    parks = [value for scope, value in split.items() if scope.startswith("park:")]
    assert sum(districts) == 20_000
    assert sum(parks) + split[OUTSIDE_PARKS] == 20_000
    assert (len(parks), len(districts)) == (57, 16)


def test_quotas_file_is_the_one_in_seeds() -> None:
    assert FILE.read_text(encoding="utf-8") == quotas_file(), "run python -m simulators.quotas"
