"""What a message says, Chinese first: what is wrong, where, what to do, and where to look."""

from collections.abc import Mapping

from dashboards.provisioning.organisation import Json
from density.register import Name, Reference, Term

NAME = "robodensity"


def template(reference: Reference, targets: Mapping[str, Name], board_url: str) -> Json:
    """The notification template of every contact point.

    Args:
        reference: terms, and the names of places.
        targets: their names by id.
        board_url: the address of the web board.
    """
    places = {
        "city": reference.terms["city"].name,
        **{f"district:{each.id}": each.name for each in reference.districts.values()},
        **{f"park:{each.id}": each.name for each in reference.parks.values()},
    }
    parts = (
        _names("robodensity.place", places),
        _names("robodensity.target", targets),
        _title(reference.terms),
        _message(reference.terms, board_url),
    )
    return {"name": NAME, "template": "\n".join(parts)}


def _names(define: str, names: Mapping[str, Name]) -> str:
    """A label's value turned into its names, and left as it is where it has none."""
    if not names:
        return _defined(define, "{{ . }}")
    tests = [f'if eq . "{key}" }}}}{_both(name)}' for key, name in names.items()]
    return _defined(define, "{{ " + "{{ else ".join([*tests, "}}{{ . }}{{ end }}"]))


def _title(terms: Mapping[str, Term]) -> str:
    firing, resolved = _both(terms["alert_firing"].name), _both(terms["alert_resolved"].name)
    state = '{{ if eq .Status "firing" }}' + firing + "{{ else }}" + resolved + "{{ end }}"
    return _defined("robodensity.title", f"【{state}】" + "{{ .CommonLabels.alertname }}")


def _message(terms: Mapping[str, Term], board_url: str) -> str:
    runbook, page = terms["alert_runbook"].name, terms["alert_page"].name
    lines = (
        "{{ range .Alerts }}{{ .Annotations.summary }}",
        '{{ with .Labels.scope }}{{ template "robodensity.place" . }}{{ end }}',
        '{{ with .Labels.district }}{{ template "robodensity.place" printf "district:%s" . }}{{ end }}',
        "{{ .Labels.factory }}{{ .Labels.process }}",
        '{{ with .Labels.target }}{{ template "robodensity.target" . }}{{ end }}',
        runbook.zh + "：{{ .Annotations.runbook_zh }}",
        runbook.en + ": {{ .Annotations.runbook_en }}",
        f"{_both(page)}: {board_url.rstrip('/')}" + "{{ .Annotations.page }}",
        "{{ end }}",
    )
    return _defined("robodensity.message", "\n".join(lines))


def _defined(define: str, content: str) -> str:
    return '{{ define "' + define + '" }}' + content + "{{ end }}"


def _both(name: Name) -> str:
    return f"{name.zh} {name.en}"
