from pathlib import Path

import pytest
from grpc_tools import protoc

ROOT = Path(__file__).parents[4]
SOURCE = "ingest/wire/sparkplug/sparkplug_b.proto"


@pytest.mark.parametrize("ending", ["_pb2.py", "_pb2.pyi"])
def test_generated_code_is_that_of_the_definition(tmp_path: Path, ending: str) -> None:
    words = ["protoc", f"--proto_path={ROOT}", f"--python_out={tmp_path}", f"--pyi_out={tmp_path}", SOURCE]
    assert protoc.main(words) == 0
    name = SOURCE.replace(".proto", ending)
    assert (ROOT / name).read_text() == (tmp_path / name).read_text(), "stale: run make proto"
