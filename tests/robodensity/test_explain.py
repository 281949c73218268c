import json
from pathlib import Path

import pytest
from api_city import (
    KEY,
    TODAY,
    Clock,
    Writer,
    clock,
    factory,
    figure,
    plan,
    reference,
    serve,
    store,
    write,
)
from services import free_port
from typer.testing import CliRunner

from robodensity.__main__ import app
from robodensity.errors import Refusal
from robodensity.explain import ask, key_of

__all__ = ["Clock", "clock", "plan", "reference", "serve", "store", "write"]


@pytest.fixture
def url(serve: object, write: Writer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    client = serve()  # type: ignore[operator] # the fixture's own type is api_city's
    client.post("/v1/factories", json=factory(1), headers={"Authorization": f"Bearer {KEY}"})
    client.post("/v1/factories", json=factory(2, above_scale=False), headers={"Authorization": f"Bearer {KEY}"})
    write.figures(figure("city", "key", TODAY, stock=1_234, persons=40_000, density=308.5))
    write.folded()
    monkeypatch.setenv("ROBODENSITY_ADMIN_KEY", KEY)
    monkeypatch.setenv("ROBODENSITY_API_URL", str(client.base_url))
    return str(client.base_url)


def test_explain_prints_chinese_then_english(url: str) -> None:
    result = CliRunner().invoke(app, ["explain", "city", str(TODAY), "density"])
    assert result.exit_code == 0, result.output
    zh, en = result.stdout.strip().split("\n\n")
    assert zh.startswith("【模拟数据】截至2026年11月24日，全市（重点产业）机器人密度（监测口径）为308.5台/万人")
    assert "stock_counted 1,234 ÷ persons_counted 40,000: density = 308.5" in zh
    assert "未计入：无有效用工人数 1、规模以下 1" in zh or "未计入：规模以下 1、无有效用工人数 1" in zh
    assert en.startswith("[Simulated data] On 24 November 2026 the figure")
    assert "Reports that it stands on: 1" in en  # the registration of the one factory above scale


def test_explain_gives_the_answer_as_json(url: str) -> None:
    result = CliRunner().invoke(app, ["explain", "city", str(TODAY), "stock", "--json"])
    assert json.loads(result.stdout)["value"] == 1_234


def test_ask_passes_on_what_the_api_says(url: str) -> None:
    with pytest.raises(Refusal, match="did you mean density"):
        ask(url, KEY, {"figure": "densty"})
    with pytest.raises(Refusal, match="key or token"):
        ask(url, None, {"figure": "density"})


def test_ask_with_no_system_running_says_so() -> None:
    with pytest.raises(Refusal, match=r"No API answers at .* start `robodensity up`"):
        ask(f"http://127.0.0.1:{free_port()}", KEY, {"figure": "stock"})


def test_key_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("a-key\n")
    assert key_of(tmp_path / "admin.key") == "a-key"
    with pytest.raises(Refusal, match="cannot be read"):
        key_of(tmp_path / "none")
