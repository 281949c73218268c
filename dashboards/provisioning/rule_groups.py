"""The alert rules in the form that Grafana's API takes: queries, expressions over them, and what is told."""

from collections.abc import Mapping, Sequence

from dashboards.provisioning.alert_rules import HOUR_S, Rule, rules
from dashboards.provisioning.organisation import Json
from dashboards.provisioning.policies import AUDIENCE, OFFICIALS, OPERATORS
from dashboards.query import InfluxQuery
from dashboards.uids import DATA_SOURCE, alert_folder_uid, alert_uid
from density.register import Term

EXPRESSION = "__expr__"
FIRES = "FIRES"


def rule_groups(terms: Mapping[str, Term]) -> tuple[Json, ...]:
    """The rules as Grafana's API takes them: those of officials each hour, those of operators each minute."""
    groups = ((OFFICIALS, HOUR_S), (OPERATORS, 60))
    return tuple(
        {
            "title": f"robodensity-{audience}",
            "folderUid": alert_folder_uid(),
            "interval": interval_s,
            "rules": [_rule(each, terms[f"alert_{each.short.replace('-', '_')}"]) for each in _of(audience)],
        }
        for audience, interval_s in groups
    )


def _of(audience: str) -> Sequence[Rule]:
    return [rule for rule in rules() if rule.audience == audience]


def _rule(rule: Rule, term: Term) -> Json:
    return {
        "uid": alert_uid(rule.short),
        "title": f"{term.name.zh} · {term.name.en}",
        "folderUID": alert_folder_uid(),
        "ruleGroup": f"robodensity-{rule.audience}",
        "condition": FIRES,
        "data": [*_queries(rule), _fires(rule)],
        "noDataState": rule.no_data,
        "execErrState": "Error",
        "for": rule.lasting,
        "labels": {AUDIENCE: rule.audience, "rule": rule.short},
        "annotations": {
            "summary": f"{term.name.zh} · {term.name.en}",
            "runbook_zh": term.definition.zh,
            "runbook_en": term.definition.en,
            "value": "{{ $values.A.Value }}",
            "page": rule.page,
        },
    }


def _queries(rule: Rule) -> list[Json]:
    data: list[Json] = []
    for letter, asked_ in rule.asked.items():
        raw = f"{letter}_SERIES"
        query = InfluxQuery(asked_.statement, raw, datasource=DATA_SOURCE)
        first_s, last_s = asked_.span_s
        data += [
            {
                "refId": raw,
                "datasourceUid": DATA_SOURCE,
                "queryType": "",
                "relativeTimeRange": {"from": first_s, "to": last_s},
                "model": query.to_json(),
            },
            _expression(
                letter, {"type": "reduce", "expression": raw, "reducer": "last", "settings": {"mode": "dropNN"}}
            ),
        ]
    return data


def _fires(rule: Rule) -> Json:
    return _expression(FIRES, {"type": "math", "expression": rule.condition})


def _expression(letter: str, model: Json) -> Json:
    source = {"type": EXPRESSION, "uid": EXPRESSION}
    return {
        "refId": letter,
        "datasourceUid": EXPRESSION,
        "queryType": "",
        "relativeTimeRange": {"from": 0, "to": 0},
        "model": {**model, "refId": letter, "datasource": source},
    }
