"""What Grafana makes of an alert rule: its statements expanded and asked, their last values, and its condition."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.expand import View, expand
from dashboards.provisioning.alert_rules import Rule

Labels = tuple[tuple[str, str], ...]
Ask = Callable[[str], list[dict[str, Any]]]


def fires(rule: Rule, ask: Ask, now_ms: int) -> set[Labels]:
    """The labels of what a rule fires for at an instant [ms since 1970]."""
    answers = {}
    for letter, asked in rule.asked.items():
        first_s, last_s = asked.span_s
        view = View(now_ms - first_s * 1_000, now_ms - last_s * 1_000)
        answers[letter] = _last_values(ask(expand(asked.statement, view)))
    return _holding(rule.condition, answers)


def _last_values(series: list[dict[str, Any]]) -> dict[Labels, float]:
    """Grafana's `reduce`: of each series the last value."""
    return {tuple(sorted(each["tags"].items())): each["values"][-1][1] for each in series}


def _holding(condition: str, answers: Mapping[str, Mapping[Labels, float]]) -> set[Labels]:
    """Grafana's `math`, for the few operators that the rules use: both sides with the same labels."""
    python = condition.replace("&&", " and ").replace("$", "")
    functions = {"is_number": lambda value: value is not None}
    shared = set.intersection(*(set(each) for each in answers.values()))
    return {
        labels
        for labels in shared
        if eval(python, functions, {letter: each[labels] for letter, each in answers.items()})
    }
