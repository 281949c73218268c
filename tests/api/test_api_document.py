import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_city import KEY, running
from small_city import fill, small_app

from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

PAGE = Path(__file__).parents[2] / "docs/api.md"
EXAMPLES = re.findall(r"^    ((?:TAG=\$\()?curl .+)$", PAGE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def url(quiet_store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[str]:
    fill(quiet_store)
    app = small_app(quiet_store, reference, plan)
    with running(app) as address:
        yield address
    app.state.service.board.close()


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_document_is_answered(url: str, example: str) -> None:
    environment = {"URL": url, "KEY": KEY, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout or "-o /dev/null" in example


def test_document_has_examples() -> None:
    assert len(EXAMPLES) >= 10
