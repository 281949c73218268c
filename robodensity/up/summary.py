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
    for series in ("all", "key"):
        each = result[series]
        lines.append(
            f"  {series:<4} {each['stock']:>7,} robots · {each['persons']:>9,} persons · density {_number(each['density'])}"
        )
    for target in result["targets"]:
        lines.append(
            f"  {target['id']} {target['name']['zh']}: {_number(target['actual'])} of {target['value']:,g} "
            f"{target['unit']['zh']}, lead {_number(target['lead'])} points, {target['status']}"
        )
    lines.append(f"  parks lagging: {len(result['lagging'])}")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"
