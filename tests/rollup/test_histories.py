from pathlib import Path
from tempfile import TemporaryDirectory

from cities import DAY0, Row, cities
from hypothesis import given, settings
from hypothesis import strategies as st
from rolling import OTHERS, Clock, Ledger, differences, folded, rollup

from store.embedded import EmbeddedStore

BORN, TODAY = DAY0 + 5, DAY0 + 45


@settings(max_examples=3, derandomize=True, deadline=None)
@given(city=cities(), data=st.data())
def test_step_after_step_tells_what_one_fold_tells(city: dict[str, list[Row]], data: st.DataObject) -> None:
    reports = [(kind, row) for kind, rows in city.items() for row in rows]
    mixed = data.draw(st.permutations(reports))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(mixed)), min_size=3, max_size=3)))
    with TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        store.prepare(simulated=True)
        clock = Clock(BORN)
        ledger = Ledger(store, clock)
        ledger.report(registration=OTHERS)
        clock.set(TODAY)
        job = rollup(store, clock)
        for begin, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
            for kind, row in mixed[begin:end]:
                ledger.report(**{kind: [row]})
            job.step()
        assert differences(store, folded(store, TODAY)) == []
        store.close()
