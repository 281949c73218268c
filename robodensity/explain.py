"""`robodensity explain`: why a figure is what it is, asked of the running system."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from density.recipes import RECIPES, Form
from density.wording import number
from robodensity.errors import Refusal

PATH = "/v1/figures/explain"
TIMEOUT_S = 60.0
LANGUAGES = ("zh", "en")
_LEFT_OUT = {
    "zh": {
        "closed": "已关闭", "below_scale": "规模以下", "not_key": "非重点产业", "no_headcount": "无有效用工人数",
        "no_robot_report": "未报送机器人",
    },
    "en": {
        "closed": "closed", "below_scale": "below scale", "not_key": "not in a key industry",
        "no_headcount": "no valid headcount", "no_robot_report": "never reported robots",
    },
}  # fmt: skip
_LABELS = {
    "zh": {
        "definition": "口径：", "left_out": "未计入：", "reports": "依据报告：", "restatements": "数据修订：",
        "join": "、",
    },
    "en": {
        "definition": "Definition: ", "left_out": "Left out: ", "reports": "Reports that it stands on: ",
        "restatements": "Restatements: ", "join": ", ",
    },
}  # fmt: skip


def ask(url: str, key: str | None, params: Mapping[str, str]) -> dict[str, Any]:
    """The answer of a running system.

    Args:
        url: of its API.
        key: of its administrator.
        params: scope, day, figure, series and key_set, as far as they are given.

    Raises:
        Refusal: no system answers, or it refuses; says why.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(f"{url}{PATH}", params=params, headers=headers, timeout=TIMEOUT_S, trust_env=False)
        body: dict[str, Any] = answer.json()
    except httpx.HTTPError as error:
        sentence = f"No API answers at {url} ({type(error).__name__}), and figures are explained by a running system"
        raise Refusal(f"{sentence}: start `robodensity up`, or set ROBODENSITY_API_URL.") from error
    except ValueError as error:
        sentence = f"What answers at {url} is not this platform's API ({answer.status_code})"
        raise Refusal(f"{sentence}: set ROBODENSITY_API_URL.") from error
    if answer.status_code != httpx.codes.OK:
        raise Refusal(str(body.get("error", {}).get("message", body)))
    return body


def key_of(file: Path) -> str:
    """The key of the API's administrator in a file.

    Raises:
        Refusal: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refusal(f"The admin key's file {file} cannot be read ({error}): name another.") from error


def as_text(answer: Mapping[str, Any]) -> str:
    """An explanation for people, in Chinese and then in English."""
    return "\n\n".join("\n".join(_lines(answer, language)) for language in LANGUAGES)


def _lines(answer: Mapping[str, Any], language: str) -> list[str]:
    labels, left_out = _LABELS[language], answer["left_out"]
    lines = list(answer["sentences"][language])
    if answer["definition"] is not None:
        lines.append(labels["definition"] + answer["definition"]["definition"][language])
    lines.append(_quotient(answer, RECIPES[answer["figure"]].form))
    reasons = [
        f"{_LEFT_OUT[language].get(reason, reason)} {number(count, 'count')}"
        for reason, count in left_out["reasons"].items()
    ]
    if reasons:
        lines.append(labels["left_out"] + labels["join"].join(reasons))
    lines.append(labels["reports"] + number(answer["reports_count"], "count"))
    lines.append(labels["restatements"] + number(len(answer["restatements"]), "count"))
    return lines


def _quotient(answer: Mapping[str, Any], form: Form) -> str:
    """Numerator ÷ denominator = value, in the names that the API gives them."""
    above, below = answer["numerator"], answer["denominator"]
    value = f"{answer['figure']} = {number(answer['value'], form)}"
    if below is None:
        return value
    parts = [f"{each['name']} {number(each['value'], _form(each['name']))}" for each in (above, below)]
    return f"{' ÷ '.join(parts)}: {value}"


def _form(name: str) -> Form:
    return RECIPES[name].form if name in RECIPES else "count"
