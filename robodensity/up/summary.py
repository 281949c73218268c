"""What the demo has come to, as the API tells it."""

from typing import Any

import httpx

Summary = dict[str, Any]


def summary(client: httpx.Client, admin_key: str) -> Summary:
    """The city's latest figures with the targets and the parks that lag.

    Args:
        client: of the running API.
        admin_key: shows what is suppressed in public.
    """
    headers = {"Authorization": f"Bearer {admin_key}"}

    def get(path: str) -> Any:  # noqa: ANN401 - any JSON
        return client.get(path, headers=headers).raise_for_status().json()

    return {
        **get("/v1/figures/latest?scope=city"),
        "targets": get("/v1/targets")["targets"],
        "lagging": get("/v1/parks?status=lagging")["parks"],
    }


def told(result: Summary) -> str:
    """The same in a few lines for the terminal."""
    simulated = "模拟数据 SIMULATED · " if result["simulated"] else ""
    lines = [f"{simulated}data until {result['data_until']}"]
    lines += [_series(name, result[name]) for name in ("all", "key")]
    lines += [_target(target) for target in result["targets"] if target["headline"]]
    return "\n".join([*lines, f"  parks lagging: {len(result['lagging'])}"])


def _series(name: str, figures: Summary) -> str:
    stock, persons = f"{figures['stock']:>7,} robots", f"{figures['persons']:>9,} persons"
    return f"  {name:<5} {stock} · {persons} · density {_number(figures['density'])}"


def _target(target: Summary) -> str:
    reached = f"{_number(target['actual'])} of {target['value']:,g} {target['unit']['zh']}"
    return (
        f"  {target['id']} {target['name']['zh']}: {reached}, lead {_number(target['lead'])} points, {target['status']}"
    )


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"
