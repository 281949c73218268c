"""Why a park or district stands where it does, in words: its installations, its headcount, and who has not reported."""

from collections.abc import Mapping
from typing import Any

from density.register import Name
from density.wording import number

Row = Mapping[str, Any]

NOTABLE = 0.01  # a headcount that changed by less explains nothing


def reason(standing: Row, compared: Row | None, figures: Row) -> Name | None:
    """The reason in one line; none where the scope has no share of the target.

    Args:
        standing: `gap`, `trailing_rate` and `required_rate` of the target of new installations [台, 台/年].
        compared: the day against a year before, as the measurement `comparison`; none where nothing was there.
        figures: `factories` and the response of the same scope, by name of the measurement `figure`.
    """
    parts = [_installations(standing), _headcount(compared), _coverage(figures)]
    told = [part for part in parts if part is not None]
    if parts[0] is None:
        return None
    return Name("；".join(part.zh for part in told) + "。", "; ".join(part.en for part in told) + ".")


def _installations(standing: Row) -> Name | None:
    gap = standing["gap"]
    if gap is None:
        return None
    amount = number(abs(gap), "count")
    zh, en = (f"比计划少{amount}台", f"{amount} fewer") if gap < 0 else (f"比计划多{amount}台", f"{amount} more")
    told = Name(f"新增装机{zh}", f"{en} new installations than planned")
    past, needed = (standing.get(name) for name in ("trailing_rate", "required_rate"))
    if past is None or needed is None:
        return told
    was, needs = number(past, "count"), number(needed, "count")
    return Name(
        f"{told.zh}，近12个月新增{was}台，按期完成每年需{needs}台",
        f"{told.en}, {was} came in the last 12 months and {needs} a year are needed",
    )


def _headcount(compared: Row | None) -> Name | None:
    """How the headcount of matched factories moved and what that did to density; none while it hardly moved."""
    if compared is None or not compared["persons_then"]:
        return None
    moved = compared["persons_now"] / compared["persons_then"] - 1
    if abs(moved) < NOTABLE:
        return None
    share, less = number(abs(moved), "share"), moved < 0
    zh, en = f"可比工厂用工人数同比{'减少' if less else '增加'}{share}", f"headcount {'down' if less else 'up'} {share}"
    effect = compared["effect_headcount"]
    if effect is None:
        return Name(zh, f"{en} on a year before")
    amount = number(abs(effect), "decimal")
    zh_moved, en_moved = ("拉高", "raising") if effect > 0 else ("拉低", "lowering")
    return Name(f"{zh}，{zh_moved}密度{amount}", f"{en} on a year before, {en_moved} density by {amount}")


def _coverage(figures: Row) -> Name:
    """How many factories are missing in the figures, headcount and robots apart."""
    holes = {
        kind: _silent(figures["factories"], figures[f"response_{kind}_factories"]) for kind in ("headcount", "robots")
    }
    if None in holes.values():
        return Name("填报情况不明", "response is not known")
    headcount, robots = (number(holes[kind], "count") for kind in ("headcount", "robots"))
    missing = [
        Name(f"{headcount}家无有效用工人数", f"{headcount} lack a valid headcount") if holes["headcount"] else None,
        Name(f"{robots}家从未报送机器人", f"{robots} never reported robots") if holes["robots"] else None,
    ]
    told = [each for each in missing if each is not None]
    if not told:
        return Name("各厂均已填报", "every factory has reported")
    held = number(figures["factories"], "count")
    zh, en = "、".join(each.zh for each in told), " and ".join(each.en for each in told)
    return Name(f"{held}家工厂中{zh}", f"of {held} factories {en}")


def _silent(factories: int | None, response: float | None) -> int | None:
    return None if factories is None or response is None else round(factories * (1 - response))
