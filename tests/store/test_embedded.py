import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from store.embedded import FILE_NAME, EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import ACTIVITY, INVENTORY, REFUSAL, REFUSED, REPORTS, ROBOT_DAY, ROBOT_STATUS, TELEMETRY

DAY_NS = 86_400 * 10**9
NOW_NS = 1_790_000_000 * 10**9

# Writes batches of 500 rows, at first on top of one another, and says how many have returned.
WRITING_CHILD = """
import sys
from pathlib import Path
import polars as pl
from store.embedded import EmbeddedStore
from store.schema import INVENTORY, REPORTS
store = EmbeddedStore(Path(sys.argv[1]))
for batch in range(10_000):
    rows = pl.DataFrame({"time": range(batch * 400, batch * 400 + 500)}).with_columns(
        writer=pl.lit("w"), stock=pl.col("time"), ext=pl.lit("x" * 200)
    )
    store.write(REPORTS, {INVENTORY: rows})
    print(batch, flush=True)
"""

# Fills a file system whose files may hold 4 MB, frees it, and goes on in the same process.
FULL_DISK_CHILD = """
import random, resource, sys
from pathlib import Path
import polars as pl
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import INVENTORY, REPORTS
store = EmbeddedStore(Path(sys.argv[1]))
store.prepare(simulated=True)
whole = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, whole[1]))
def write(batch):
    noise = [random.Random(batch * 1000 + i).randbytes(200).hex() for i in range(1000)]
    rows = pl.DataFrame({"ext": noise, "time": range(batch * 1000, batch * 1000 + 1000)})
    store.write(REPORTS, {INVENTORY: rows.with_columns(writer=pl.lit("w"), stock=pl.col("time"))})
def stocks():
    return store.read(REPORTS, INVENTORY)["stock"].to_list()
for batch in range(100):
    try:
        write(batch)
    except StoreUnavailable as error:
        print(error)
        break
assert 0 < batch < 99, batch
found = stocks()
assert found[: batch * 1000] == list(range(batch * 1000)), (batch, len(found))
resource.setrlimit(resource.RLIMIT_FSIZE, whole)
write(batch)
write(batch + 1)
store.close()
assert stocks() == list(range((batch + 2) * 1000))
"""

HOLDING_CHILD = """
import sys
from pathlib import Path
from store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
store.prepare(simulated=True)
print("open", flush=True)
sys.stdin.read()
"""


def child(code: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("after_batches", [3, 40])
def test_write_that_returned_survives_a_kill(tmp_path: Path, after_batches: int) -> None:
    with child(WRITING_CHILD, tmp_path) as process:
        returned = -1
        for line in process.stdout:
            returned = int(line)
            if returned >= after_batches:
                break
        os.kill(process.pid, signal.SIGKILL)
        returned = max([returned, *map(int, process.stdout.read().split())])
    store = EmbeddedStore(tmp_path)
    found = store.read(REPORTS, INVENTORY)
    store.close()
    assert returned >= after_batches
    # A batch is whole or absent: 500 rows, 400 further on than the one before it.
    batches = (found.height - 100) // 400
    assert batches >= returned + 1
    assert found["time"].to_list() == list(range(batches * 400 + 100))


def test_write_to_a_full_disk_says_so_and_loses_nothing_that_returned(tmp_path: Path) -> None:
    with child(FULL_DISK_CHILD, tmp_path) as process:
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors[-2000:]
    assert "the free space of its disk" in output


def test_open_of_a_file_in_use_names_the_process(tmp_path: Path) -> None:
    with child(HOLDING_CHILD, tmp_path) as process:
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StoreUnavailable, match=f"in use by process {process.pid}"):
            EmbeddedStore(tmp_path).prepare(simulated=True)
        process.communicate("")
    later = EmbeddedStore(tmp_path)
    later.prepare(simulated=True)
    later.close()


def test_open_below_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="cannot be read or written"):
        EmbeddedStore(tmp_path / "file" / "data").prepare(simulated=True)


def test_open_of_a_foreign_file_is_unavailable_and_leaves_it(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be read or written"):
        EmbeddedStore(tmp_path).prepare(simulated=True)
    assert (tmp_path / FILE_NAME).read_bytes() == b"no database" * 1000


def test_prepare_gives_an_older_table_its_new_columns(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / FILE_NAME) as older:
        older.execute(
            "CREATE SCHEMA reports; CREATE TABLE reports.inventory (time BIGINT, writer VARCHAR, stock BIGINT)"
        )
        older.execute("INSERT INTO reports.inventory VALUES (1, 'w', 5)")
    store = EmbeddedStore(tmp_path)
    store.prepare(simulated=True)
    found = store.read(REPORTS, INVENTORY)
    store.close()
    assert found.select("stock", "complete").rows() == [(5, None)]


def test_write_is_all_or_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    good = INVENTORY.frame([{"time": 1, "writer": "w", "stock": 5}])
    with pytest.raises(ValueError, match="lacks"):
        store.write(REPORTS, {INVENTORY: good, ROBOT_DAY: pl.DataFrame({"time": [1]})})
    assert store.read(REPORTS, INVENTORY).is_empty()
    store.write(REPORTS, {INVENTORY: good})
    assert store.read(REPORTS, INVENTORY).height == 1
    store.close()


def test_expire_deletes_what_is_older_than_its_retention(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, telemetry_days=7)
    ages = {TELEMETRY: 7, ACTIVITY: 3 * 366, REFUSED: 400, REPORTS: 10_000}
    kinds = {
        TELEMETRY: (ROBOT_STATUS, {"factory": "F", "robot": "R", "state": "idle"}),
        ACTIVITY: (ROBOT_DAY, {"factory": "F", "robot": "R", "seen": True}),
        REFUSED: (REFUSAL, {"writer": "w", "reason": "r", "detail": "d"}),
        REPORTS: (INVENTORY, {"writer": "w", "stock": 1}),
    }
    for database, (kind, row) in kinds.items():
        times = [NOW_NS - ages[database] * DAY_NS - 1, NOW_NS - ages[database] * DAY_NS]
        store.write(database, {kind: kind.frame({"time": time, **row} for time in times)})
    store.expire(NOW_NS)
    assert {database: store.read(database, kind).height for database, (kind, _) in kinds.items()} == {
        TELEMETRY: 1,
        ACTIVITY: 1,
        REFUSED: 1,
        REPORTS: 2,
    }
    store.close()


def test_close_lets_a_later_call_open_again(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.write(REPORTS, {INVENTORY: INVENTORY.frame([{"time": 1, "writer": "w", "stock": 5}])})
    store.close()
    assert store.read(REPORTS, INVENTORY)["stock"].to_list() == [5]
    store.close()
