from datetime import date
from typing import Any

import polars as pl
import pytest

from density.days import to_day
from density.explain import Explainer
from density.explanation import Explanation, Facts, Question, base_day, since_day
from density.recipes import RECIPES
from density.register import Crosswalk, District, KeyIndustry, KeySet, Name, Park, Reference, Term
from density.sites import ALWAYS, NEVER

BASE, DAY = to_day(date(2026, 10, 31)), to_day(date(2026, 11, 24))
FIRST = to_day(date(2026, 9, 30))


def term(zh: str, en: str, unit_zh: str, unit_en: str) -> Term:
    return Term(Name(zh, en), Name(unit_zh, unit_en), Name("口径", "definition"))


TERMS = {
    "stock": term("保有量", "Operational stock", "台", "robots"),
    "density": term("机器人密度（监测口径）", "Robot density", "台/万人", "robots per 10,000 persons"),
    "density_12m": term("机器人密度（12个月平均用工）", "Robot density on 12 months", "台/万人", "per 10,000"),
    "persons": term("平均用工人数", "Average headcount", "人", "persons"),
    "persons_counted": term("计入密度的用工人数", "Headcount counted", "人", "persons"),
    "response_headcount_factories": term("填报率", "Response", "比例", "share"),
    "total": term("全部登记工厂", "all registered factories", "", ""),
    "all": term("规上工业", "above scale", "", ""),
    "key": term("重点产业", "key industries", "", ""),
}
KEY = KeySet("test", Name("甲", "a"), (KeyIndustry(Name("汽车", "cars"), ("36",)),))
REFERENCE = Reference(
    districts={"310115": District("310115", Name("浦东新区", "Pudong"))},
    parks={"P01": Park("P01", Name("金桥", "Jinqiao"), "310115", "")},
    industries={"36": Name("汽车制造业", "car making")},
    key_sets={"test": KEY},
    manufacturers={},
    terms=TERMS,
    crosswalk=Crosswalk({}),
)
NAMES = {f"F{n}": Name(f"工厂{n}", f"Works {n}") for n in range(1, 6)}


def site(factory: str, **changes: Any) -> dict[str, Any]:
    row = {"factory": factory, "from_day": ALWAYS, "to_day": NEVER, "district": "310115", "park": None}
    return row | {"industry": "3610", "above_scale": True, "registered": True} | changes


def row(factory: str, day: int, stock: int, persons: int, **changes: Any) -> dict[str, Any]:
    told = {"factory": factory, "day": day, "stock": stock, "persons": persons, "stock_ifr": stock, "gross_new": 0}
    known = changes.get("headcount_valid", True) and changes.get("robots_reported", True)
    told |= {"stock_counted": stock * known, "persons_counted": persons * known, "headcount_valid": True}
    return told | {"robots_reported": True} | changes


# F1 100 -> 110 robots, 1,000 persons (the park P01); F2 50 robots, 500 -> 400 persons; F3 joins in November with 30
# robots, 200 persons; F4 has 7 robots and no headcount; F5 is below scale.
REGISTRATIONS = pl.DataFrame(
    [site("F1", park="P01"), site("F2"), site("F3"), site("F4"), site("F5", above_scale=False)],
    schema_overrides={"park": pl.String},
)
FACTORIES = pl.DataFrame(
    [
        *(row("F1", day, 100, 1_000) for day in (FIRST, BASE)),
        row("F1", BASE + 3, 110, 1_000),
        *(row("F2", day, 50, 500) for day in (FIRST, BASE)),
        row("F2", BASE + 5, 50, 400),
        row("F3", BASE, 30, 0, headcount_valid=False),
        row("F3", BASE + 9, 30, 200),
        row("F4", BASE, 7, 0, headcount_valid=False),
        row("F5", BASE, 1, 20),
        row("F1", DAY + 1, 999, 1_000),  # after the day: never read
    ]
)
THEN = {"stock": 187, "stock_counted": 150, "persons": 1_500, "persons_counted": 1_500, "density": 1_000.0}
NOW = {
    "stock": 197, "stock_counted": 190, "persons": 1_600, "persons_counted": 1_600, "density": 1_187.5,
    "density_12m": 1_250.0, "undated": 2, "response_headcount_persons": 0.96, "response_robots_persons": 1.0,
    "factories": 4, "headcount_factories": 3, "response_headcount_factories": 0.75,
}  # fmt: skip
FLOWS = {
    "commissioned": 12, "moved_in": 1, "reinstated": 0, "reclassified_in": 0,
    "decommissioned": 2, "moved_out": 1, "reclassified_out": 0,
}  # fmt: skip
FACTS = Facts({BASE: THEN, DAY: NOW}, FLOWS, FACTORIES, REGISTRATIONS, NAMES, conflicts=1)


def explained(figure: str, *, series: str = "key", scope: str = "city", **changes: Any) -> Explanation:
    explainer = Explainer(REFERENCE, {"key": KEY}, changes.pop("first", FIRST))
    question = Question(figure, scope, series, changes.pop("day", DAY))
    return explainer.explain(question, changes.pop("facts", FACTS), name_factories=changes.pop("name_factories", True))


def test_explain_stock_with_the_account() -> None:
    told = explained("stock")
    assert told.account is not None
    inward = told.account["commissioned"] + told.account["moved_in"]
    assert told.account["opening"] + inward - told.account["decommissioned"] - told.account["moved_out"] == 197
    assert told.sentences[0].zh == (
        "截至2026年11月24日，全市（重点产业）保有量为197台，较2026年10月31日的187台增加10台：期初187台，"
        "加投产12台、调入1台、恢复0台、转入0台，减退役2台、调出1台、转出0台，期末197台。"
    )
    assert told.sentences[0].en == (
        "On 24 November 2026 the figure “Operational stock” of the city (key industries) is 197 robots, up 10 "
        "from 187 on 31 October 2026: 187 at the start, plus 12 commissioned, 1 moved in, 0 reinstated, "
        "0 reclassified in, less 2 decommissioned, 1 moved out, 0 reclassified out, leaves 197."
    )


def test_explain_density_with_effects_that_add_up() -> None:
    told = explained("density")
    # Matched F1, F2: 150/1,500 -> 160/1,400. Stock ½·10·(1/1500+1/1400)·10⁴ = 69.05; headcount
    # ½·310·(1/1400−1/1500)·10⁴ = 73.81; together 142.86. All now 190/1,600 = 1,187.5, so composition 44.64.
    assert told.effects is not None
    assert told.effects["effect_stock"] == pytest.approx(69.0476, abs=1e-4)
    assert told.effects["effect_headcount"] == pytest.approx(73.8095, abs=1e-4)
    assert told.effects["effect_composition"] == pytest.approx(44.6429, abs=1e-4)
    assert "其中保有量变动使其增加69.0、用工人数变动使其增加73.8、口径变动使其增加44.6。" in told.sentences[0].zh
    assert told.numerator == ("stock_counted", 190)
    assert told.denominator == ("persons_counted", 1_600)


def test_explain_says_that_an_effect_is_none() -> None:
    rows = FACTORIES.filter(pl.col("factory") == "F1")
    told = explained("density", facts=Facts({BASE: THEN, DAY: NOW}, None, rows, REGISTRATIONS, NAMES, 0))
    # F1 alone has figures: 100 -> 110 robots of 1,000 persons, 1,000 -> 1,100.
    assert "其中保有量变动使其增加100.0、用工人数变动无影响、口径变动无影响。" in told.sentences[0].zh
    assert told.sentences[0].en.endswith(
        "the stock: up 100.0, the headcount: no effect, the factories that count: no effect."
    )
    assert told.sentences[1].zh == "影响最大的1家工厂：工厂1（增加100.00台/万人）。"


def test_explain_movers_of_a_density_add_up_to_its_change() -> None:
    told = explained("density")
    assert told.factories["moved"].sum() == pytest.approx(1_187.5 - 1_000.0, rel=1e-12)
    assert set(told.factories["factory"]) == {"F1", "F2", "F3"}
    assert told.sentences[1].zh.startswith("影响最大的3家工厂：工厂")
    assert told.parks["moved"].sum() == pytest.approx(187.5, rel=1e-12)


def test_explain_names_parks_to_a_reader_who_may_not_see_factories() -> None:
    told = explained("stock", name_factories=False)
    assert told.sentences[1] == Name(
        "影响最大的1个园区：金桥（增加10台）。", "The parks that moved it most: Jinqiao (up 10 robots)."
    )
    assert "工厂1" in explained("stock").sentences[1].zh


def test_explain_says_what_is_missing() -> None:
    told = explained("density")
    assert (told.missing.factories, told.missing.without_headcount, told.missing.without_robots) == (4, 1, 0)
    assert told.sentences[2].zh == (
        "缺口：4家工厂中，1家工厂没有有效用工人数、2台机器人投产日期不详、1起在役冲突；"
        "按人数计，用工填报率96.0%，机器人填报率100.0%。"
    )


def test_explain_says_why_factories_are_left_out() -> None:
    reasons = {each: list(why) for each, _, why in explained("density").left_out.rows()}
    assert reasons == {"F4": ["no_headcount"], "F5": ["below_scale"]}
    assert list(explained("stock").left_out["factory"]) == ["F5"]
    assert explained("stock", series="total").left_out.is_empty()


def test_explain_left_out_by_industry_and_closing() -> None:
    registrations = pl.DataFrame(
        [site("F1", industry="1711"), site("F2", to_day=DAY), site("F3", to_day=DAY + 1), site("F4"), site("F5")]
    )
    told = explained("stock", facts=Facts({}, None, FACTORIES, registrations, NAMES, 0))
    assert told.left_out.select("factory", pl.col("reasons").list.first()).rows() == [
        ("F1", "not_key"),
        ("F2", "closed"),
    ]


def test_explain_a_count_by_who_joined_and_left() -> None:
    registrations = pl.DataFrame(
        [
            site("F1"),
            site("F2", above_scale=False, to_day=BASE + 4),
            site("F2", from_day=BASE + 4),
            site("F3", to_day=DAY),
        ]
    )
    told = explained("persons", facts=Facts({BASE: {"persons": 1_000}, DAY: {"persons": 1_400}}, None, FACTORIES,
                                            registrations, NAMES, 0))  # fmt: skip
    # F1 stays at 1,000; F2 came above scale with 400; F3 closed: it had no headcount on the base day.
    assert told.groups == {"matched": 0.0, "joined": 400.0, "left": 0.0}
    assert told.sentences[0].zh.endswith("增加400人，其中前后均在统计范围内的工厂持平、新纳入的工厂增加400。")


def test_explain_density_on_the_mean_of_month_ends() -> None:
    told = explained("density_12m", facts=Facts({BASE: {"density_12m": 1_000.0}, DAY: NOW}, None, FACTORIES,
                                                REGISTRATIONS, NAMES, 0))  # fmt: skip
    # Month-ends up to 24 November: 30 September and 31 October, 1,500 persons each: 190/1,500 − 150/1,500.
    assert told.factories["moved"].sum() == pytest.approx(40 / 1_500 * 1e4, rel=1e-12)
    assert told.effects is not None
    # F3 counts only now, with no part of the mean: 10 more robots of F1 are the stock effect, its 30 the composition.
    assert told.effects["effect_stock"] == pytest.approx(10 / 1_500 * 1e4)
    assert told.effects["effect_headcount"] == pytest.approx(0.0)
    assert told.effects["effect_composition"] == pytest.approx(30 / 1_500 * 1e4)


def test_explain_a_share_in_percentage_points() -> None:
    daily = {BASE: {"response_headcount_factories": 0.5}, DAY: NOW}
    told = explained("response_headcount_factories", facts=Facts(daily, None, FACTORIES, REGISTRATIONS, NAMES, 0))
    assert "为75.0%，较2026年10月31日的50.0%增加25.0个百分点" in told.sentences[0].zh
    assert told.sentences[1].zh == "影响最大的1家工厂：工厂3（增加25.0个百分点）。"  # 2 of 4 -> 3 of 4


def test_explain_an_unknown_density() -> None:
    daily = {BASE: THEN, DAY: NOW | {"density": None, "persons_counted": 20}}
    told = explained("density", facts=Facts(daily, None, FACTORIES.filter(pl.col("factory") == "F5"), REGISTRATIONS,
                                            NAMES, 0))  # fmt: skip
    assert told.value is None
    assert told.effects is None
    assert "没有数值" in told.sentences[0].zh
    assert "-0" not in "".join(each.zh + each.en for each in told.sentences)


def test_explain_the_first_month() -> None:
    told = explained("density", day=BASE, first=BASE)
    assert told.base_day is None
    assert told.factories.is_empty()
    assert "此前没有数据可比" in told.sentences[0].zh


def test_explain_a_figure_that_no_factory_has_a_part_of() -> None:
    told = explained("in_transit", series="total")
    assert told.sentences[1].zh == "该指标不按工厂分摊。"


def test_explain_a_figure_of_signals_says_that_no_factory_s_part_is_kept() -> None:
    assert explained("connected_stock", series="total").sentences[1].zh == (
        "该指标逐日由机器人信号统计，不保存各工厂的份额。"
    )


def test_explain_says_what_a_count_holds_beside_factories() -> None:
    # Of 12 service providers 10 are no factory.
    rows = FACTORIES.with_columns(service_providers=pl.when(pl.col("factory") == "F1").then(2).otherwise(0))
    daily = {DAY: {"service_providers": 12}}
    told = explained("service_providers", series="total", facts=Facts(daily, None, rows, REGISTRATIONS, NAMES, 0))
    assert told.beside_factories == 10.0
    assert explained("stock").beside_factories == 0.0


@pytest.mark.parametrize(
    ("figure", "day", "base", "since"),
    [
        ("density", date(2026, 11, 24), date(2026, 10, 31), date(2026, 10, 31)),
        ("density", date(2026, 11, 30), date(2026, 10, 31), date(2026, 10, 31)),
        ("density", date(2026, 12, 1), date(2026, 11, 30), date(2026, 11, 30)),
        ("density", date(2024, 3, 1), date(2024, 2, 29), date(2024, 2, 29)),
        ("density_12m", date(2026, 11, 24), date(2026, 10, 31), date(2025, 11, 30)),
        ("density_annual", date(2025, 12, 31), date(2024, 12, 31), date(2024, 1, 31)),
        ("density", date(2024, 1, 1), date(2023, 12, 31), date(2023, 12, 31)),
    ],
)
def test_base_day_and_since_day(figure: str, day: date, base: date, since: date) -> None:
    first = to_day(date(2023, 12, 31))
    assert base_day(figure, to_day(day), first) == to_day(base)
    assert since_day(figure, to_day(day), first) == to_day(since)


def test_recipes_hold_every_stored_figure() -> None:
    from store.schema import FIGURE

    stored = {field.name for field in FIGURE.fields if not field.name.endswith("_known")} - {"definition_version"}
    assert stored <= set(RECIPES)
