"""Three sentences that explain a figure, in both languages: what changed, what moved it, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from density.recipes import Form, Recipe
from density.register import Name, Term
from density.wording import SAME, changed, date_name, number, with_unit

COUNT_OF = Name("家", "factories")
_LIST = {"zh": "、", "en": ", "}
_IN = {
    "commissioned": Name("投产", "commissioned"),
    "moved_in": Name("调入", "moved in"),
    "reinstated": Name("恢复", "reinstated"),
    "reclassified_in": Name("转入", "reclassified in"),
}
_OUT = {
    "decommissioned": Name("退役", "decommissioned"),
    "moved_out": Name("调出", "moved out"),
    "reclassified_out": Name("转出", "reclassified out"),
}
_EFFECTS = {
    "effect_stock": Name("保有量变动", "the stock"),
    "effect_headcount": Name("用工人数变动", "the headcount"),
    "effect_composition": Name("口径变动", "the factories that count"),
}
_GROUPS = {
    "matched": Name("前后均在统计范围内的工厂", "factories within it on both days"),
    "joined": Name("新纳入的工厂", "factories that joined"),
    "left": Name("退出的工厂", "factories that left"),
}


@dataclass(frozen=True)
class Subject:
    """What is spoken of.

    Attributes:
        term: of the figure.
        recipe: of the figure.
        place: the scope and the series, as they are called.
        day: integer day.
        base_day: the day that it is compared with; none where the figures begin.
    """

    term: Term
    recipe: Recipe
    place: Name
    day: int
    base_day: int | None

    @property
    def form(self) -> Form:
        """How the figure is read."""
        return self.recipe.form


@dataclass(frozen=True)
class Missing:
    """What a figure lacks; a number that is not known is none.

    Attributes:
        factories: how many the scope and series hold.
        without_headcount: of these, without a valid headcount.
        without_robots: of these, that never reported robots.
        response_headcount: 填报率 by persons, 0–1.
        response_robots: 填报率 of robots by persons, 0–1.
        undated: robots whose date does not tell whether they are new.
        conflicts: stays that ended only because another factory, or another robot, took over.
    """

    factories: int
    without_headcount: int
    without_robots: int
    response_headcount: float | None
    response_robots: float | None
    undated: int | None
    conflicts: int


def change_sentence(
    subject: Subject,
    value: float | None,
    before: float | None,
    *,
    account: Mapping[str, float] | None = None,
    effects: Mapping[str, float] | None = None,
    groups: Mapping[str, float] | None = None,
) -> Name:
    """What changed since the base day, from the account, the effects or the groups of factories.

    Args:
        subject: the figure.
        value: on the day.
        before: on the base day.
        account: opening, the flows and closing.
        effects: of a density.
        groups: of a count.
    """
    now, day = with_unit(value, subject.form, subject.term.unit), date_name(subject.day)
    head = Name(
        f"截至{day.zh}，{subject.place.zh}{subject.term.name.zh}为{now.zh}",
        f"On {day.en} the figure “{subject.term.name.en}” of {subject.place.en} is {now.en}",
    )
    if value is None:
        head = Name(
            f"{day.zh}，{subject.place.zh}{subject.term.name.zh}没有数值，分母不足或当日不发布",
            f"On {day.en} the figure “{subject.term.name.en}” of {subject.place.en} is not known: "
            "its denominator is too small, or it is not stated for this day",
        )
    if subject.base_day is None:
        return _ended([head, Name("，此前没有数据可比", "; there is nothing before to compare it with")])
    parts = [head, _difference(subject, value, before)]
    if account is not None:
        parts.append(_account(account))
    elif effects is not None:
        parts.append(_effects(effects, subject))
    elif groups is not None and value != before:
        parts.append(_groups(groups, subject))
    return _ended(parts)


def _difference(subject: Subject, value: float | None, before: float | None) -> Name:
    assert subject.base_day is not None  # noqa: S101 - asked only then
    base, was = date_name(subject.base_day), with_unit(before, subject.form, subject.term.unit)
    if value is None or before is None:
        return Name(f"，{base.zh}为{was.zh}，两者不可比", f"; on {base.en} it was {was.en}, which cannot be compared")
    zh = changed(value - before, subject.form, subject.term.unit).zh
    en = changed(value - before, subject.form).en
    return Name(f"，较{base.zh}的{was.zh}{zh}", f", {en} from {number(before, subject.form)} on {base.en}")


def _account(account: Mapping[str, float]) -> Name:
    came, went = (_flows(account, names) for names in (_IN, _OUT))
    opening, closing = (number(account[name], "count") for name in ("opening", "closing"))
    zh = f"：期初{opening}台，加{came.zh}，减{went.zh}，期末{closing}台"
    return Name(zh, f": {opening} at the start, plus {came.en}, less {went.en}, leaves {closing}")


def _flows(account: Mapping[str, float], names: Mapping[str, Name]) -> Name:
    amounts = {name: number(account[name], "count") for name in names}
    return Name(
        "、".join(f"{each.zh}{amounts[name]}台" for name, each in names.items()),
        ", ".join(f"{amounts[name]} {each.en}" for name, each in names.items()),
    )


def _effects(effects: Mapping[str, float], subject: Subject) -> Name:
    told = {name: changed(effects[name], subject.form) for name in _EFFECTS}
    said = {
        name: Name("无影响", "no effect") if each is SAME else Name(f"使其{each.zh}", each.en)
        for name, each in told.items()
    }
    return Name(
        "，其中" + "、".join(_EFFECTS[name].zh + each.zh for name, each in said.items()),
        "; of that, " + ", ".join(f"{_EFFECTS[name].en}: {each.en}" for name, each in said.items()),
    )


def _groups(groups: Mapping[str, float], subject: Subject) -> Name:
    told = {name: changed(groups[name], subject.form) for name in _GROUPS if name == "matched" or groups[name]}
    return Name(
        "，其中" + "、".join(f"{_GROUPS[name].zh}{each.zh}" for name, each in told.items()),
        "; of that, " + ", ".join(f"{_GROUPS[name].en}: {each.en}" for name, each in told.items()),
    )


def movers_sentence(subject: Subject, movers: Sequence[tuple[Name, float]], unit: Name, *, factories: bool) -> Name:
    """Which factories or parks moved the figure most.

    Args:
        subject: the figure.
        movers: names and by how much each moved it, the largest first.
        unit: of these amounts.
        factories: whether they are factories; else parks.
    """
    kind = Name("家工厂", "factories") if factories else Name("个园区", "parks")
    if not subject.recipe.reports:
        return Name(
            "该指标逐日由机器人信号统计，不保存各工厂的份额。",
            "This figure is counted from the robots' signals of each day; no factory's part of it is kept.",
        )
    if subject.recipe.moved_by is None:
        return Name("该指标不按工厂分摊。", "This figure is not made of parts of single factories.")
    if subject.base_day is None or not movers:
        return Name(f"其间没有一{kind.zh}使其变动。", f"None of the {kind.en} moved it in that time.")
    form = _form_of_parts(subject)
    told = [(name, changed(moved, form, unit)) for name, moved in movers]
    small = Name(f"影响不足{_least(form)}", f"by less than {_least(form)}")
    told = [(name, small if each is SAME else each) for name, each in told]
    return Name(
        f"影响最大的{len(told)}{kind.zh}：" + "、".join(f"{name.zh}（{each.zh}）" for name, each in told) + "。",
        f"The {kind.en} that moved it most: " + ", ".join(f"{name.en} ({each.en})" for name, each in told) + ".",
    )


def _form_of_parts(subject: Subject) -> Form:
    """A part of a density is small, so it is written finer."""
    if not subject.recipe.weighed:
        return "count"
    return "fine" if subject.form == "decimal" else subject.form


def _least(form: Form) -> str:
    return {"count": "1", "decimal": "0.1", "fine": "0.01", "share": "0.1%"}[form]


def missing_sentence(missing: Missing) -> Name:
    """What the figure lacks."""
    holes = [
        (missing.without_headcount, Name("家工厂没有有效用工人数", "factories have no valid headcount")),
        (missing.without_robots, Name("家工厂从未报送机器人", "factories never reported robots")),
        (missing.undated or 0, Name("台机器人投产日期不详", "robots have no certain date")),
        (missing.conflicts, Name("起在役冲突", "stays are in conflict")),
    ]
    found = [(number(count, "count"), name) for count, name in holes if count]
    gaps = Name(
        "、".join(f"{count}{name.zh}" for count, name in found) or "没有缺报",
        ", ".join(f"{count} {name.en}" for count, name in found) or "no report is missing",
    )
    held = number(missing.factories, "count")
    people, robots = (number(each, "share") for each in (missing.response_headcount, missing.response_robots))
    return Name(
        f"缺口：{held}家工厂中，{gaps.zh}；按人数计，用工填报率{people}，机器人填报率{robots}。",
        f"Missing: of {held} factories, {gaps.en}; response by persons is {people} for headcount, {robots} for robots.",
    )


def _ended(parts: Sequence[Name]) -> Name:
    return Name("".join(part.zh for part in parts) + "。", "".join(part.en for part in parts) + ".")
