from cities import DAY0, period, site
from rolling import Clock, Ledger, rollup

from density.days import day_of_ns
from store.embedded import EmbeddedStore
from store.schema import DISCLOSURE, FIGURES


def _why(store: EmbeddedStore, scope: str) -> dict[int, str]:
    rows = store.read(FIGURES, DISCLOSURE, where={"scope": scope, "series": "total"})
    return {day_of_ns(time): why for time, why in rows.select("time", "why").rows()}


def test_every_month_is_decided_while_nothing_else_is_to_be_done(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    firms = [site(f"F{number}", park="P01", credit_code=f"C{number}") for number in range(4)]
    others = [site(f"X{number}", park="P02", credit_code="one") for number in range(3)]
    named = [each["factory"] for each in (*firms, *others)]
    ledger.report(registration=[*firms, *others], workforce=[period(each, DAY0 + 1, 100) for each in named])
    job = rollup(store, clock)
    job.step()
    assert _why(store, "city") == {}  # the figures come first
    for _ in range(60):
        job.step()
    assert set(_why(store, "park:P02").values()) == {"few"}  # three factories of one firm
    assert set(_why(store, "city").values()) == {"open"}
    assert set(_why(store, "park:P01").values()) == {"beside"}  # the other park is the city without it
    months = sorted(_why(store, "city"))
    assert len(months) >= 2
    assert months[-1] >= DAY0 + 45  # the running month, by its last day
