import json

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.runtime import dataquery_from_json

from dashboards.influxql import Regex, UnknownNameError, growth, newest, points, tag_values
from dashboards.query import InfluxQuery, register
from store.schema import COMPARISON, FACTORY_FIGURE, FIGURE, PLAN_STATUS, RANKING


def test_points_ask_for_the_range_and_for_known_figures_alone() -> None:
    assert points(FIGURE, {"density_12m": "密度", "stock": "stock"}, {"scope": "city", "series": "key"}) == (
        'SELECT "density_12m" AS "密度", "stock" AS "stock" FROM "figures".."figure" '
        'WHERE "scope" = \'city\' AND "series" = \'key\' AND "density_12m_known" = true AND $timeFilter'
    )


def test_points_split_by_tags_in_another_database() -> None:
    statement = points(
        FACTORY_FIGURE, {"stock": "stock"}, {"factory": Regex("^${factory:regex}$")}, by=("factory",),
        database="figures_${district:raw}",
    )  # fmt: skip
    assert statement == (
        'SELECT "stock" AS "stock" FROM "figures_${district:raw}".."factory_figure" '
        'WHERE "factory" =~ /^${factory:regex}$/ AND $timeFilter GROUP BY "factory"'
    )


def test_newest_judges_what_is_known_at_the_last_point_only() -> None:
    assert newest(PLAN_STATUS, {"lead": "领先", "status": "状态"}, {"kind": "park"}, by=("scope",)) == (
        'SELECT "lead" AS "领先", "status" AS "状态" FROM ('
        'SELECT last("lead") AS "lead", "status", "lead_known" FROM "figures".."plan_status" '
        'WHERE "kind" = \'park\' AND time <= ${__to}ms GROUP BY "scope"'
        ') WHERE "lead_known" = true GROUP BY "scope"'
    )


def test_newest_asks_the_last_point_what_it_must_hold() -> None:
    assert newest(RANKING, {"firms": "firms"}, {}, by=("scope",), holding={"ranked": True}) == (
        'SELECT "firms" AS "firms" FROM (SELECT last("firms") AS "firms", "ranked" FROM "figures".."ranking" '
        'WHERE time <= ${__to}ms GROUP BY "scope") WHERE "ranked" = true GROUP BY "scope"'
    )


def test_growth_divides_within_the_last_point() -> None:
    assert growth(COMPARISON, "density_now", "density_then", "同比", {"base": "yoy"}) == (
        'SELECT "density_now" / "density_then" - 1 AS "同比" FROM (SELECT last("density_now") AS "density_now", '
        '"density_then", "density_now_known", "density_then_known" FROM "figures".."comparison" '
        "WHERE \"base\" = 'yoy' AND time <= ${__to}ms) "
        'WHERE "density_now_known" = true AND "density_then_known" = true'
    )


@pytest.mark.parametrize("wrong", ["densty", "time", 'stock" FROM x'])
def test_names_unknown_to_the_schema_are_refused(wrong: str) -> None:
    with pytest.raises(UnknownNameError, match="figure has no tag or field"):
        points(FIGURE, {wrong: wrong}, {})


def test_an_unknown_name_tells_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="nearest is 'density'"):
        points(FIGURE, {"densty": "x"}, {})


def test_tag_values_name_the_database() -> None:
    assert tag_values(FIGURE, "scope") == 'SHOW TAG VALUES ON "figures" FROM "figure" WITH KEY = "scope"'


def test_a_query_comes_back_from_its_json_as_it_was() -> None:
    register()
    query = InfluxQuery(tag_values(FIGURE, "scope"), "B", "$tag_scope", "table", hide=True)
    written = json.loads(json.dumps(query, cls=JSONEncoder))
    assert written["rawQuery"] is True
    assert written["datasource"] == {"type": "influxdb", "uid": "${datasource}"}
    assert dataquery_from_json(written, "") == query
