"""What the page says beside the figures, whose names come from seeds/terms.yaml alone."""

from collections.abc import Mapping

from api.board.language import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("上海市智能工厂与工业机器人监测", "Shanghai smart factories and industrial robots"),
    "other_language": ("English", "中文"),
    "skip": ("跳到正文", "Skip to the figures"),
    "simulated_banner": (
        "本页全部数字由模拟城市产生，不反映任何真实企业或地区。",
        "Every number on this page comes from a simulated city and describes no real firm or area.",
    ),
    "not_official": ("监测测算，非官方统计", "Monitoring estimate, not an official statistic"),
    "as_of": ("数据截至", "Data until"),
    "targets": ("三项目标", "The three targets"),
    "trend": ("走势", "Trend"),
    "districts": ("十六个区", "The 16 districts"),
    "industries": ("重点产业（按大类）", "Key industries, by division"),
    "parks": ("落后最多的园区", "Parks furthest behind"),
    "goal": ("目标", "Target"),
    "to_deadline": ("期限", "Deadline"),
    "plan_line": ("计划线", "Plan"),
    "actual": ("实际", "Actual"),
    "baseline": ("基线", "Baseline"),
    "published": ("公布值", "Published"),
    "published_note": (
        "公布值口径不同，仅作参照，不与监测值相减。",
        "Published values follow another definition: a mark for reference, never subtracted.",
    ),
    "status": ("状态", "Status"),
    "assigned": ("下达指标", "Assigned quota"),
    "reference": ("测算参考值，非下达指标", "Reference share, not an assigned quota"),
    "quota": ("指标", "Quota"),
    "points": ("个百分点", "pp"),
    "district": ("区", "District"),
    "park": ("园区", "Park"),
    "industry": ("产业大类", "Division"),
    "table": ("数据表", "Data table"),
    "month_end": ("日期", "Day"),
    "scope_note": ("口径", "Definition"),
    "source": ("来源", "Source"),
    "source_text": (
        "各厂经 MQTT 报送的机器人投产、退役与用工人数，经信部门登记与认定",
        "Reports of robots and headcount from the factories over MQTT; registrations and designations of the authority",
    ),
    "simulated_source": ("模拟城市", "Simulated city"),
    "by_headcount": ("用工（按家数）", "headcount, by factories"),
    "by_robots": ("机器人（按人数）", "robots, by persons"),
    "inferred": ("方案未写明、由平台推定", "Not stated by the plan, inferred"),
    "accounted": ("已入账（本页生成时）", "Accounted for when this was drawn"),
    "stored": ("入库", "stored"),
    "items": ("条", "items"),
    "arriving": ("数据正在到达", "Data is arriving"),
    "arriving_text": (
        "第一批指标计算完成后，本页会自动更新，无需刷新。",
        "This page fills by itself when the first figures are ready; there is no need to reload.",
    ),
    "nothing_yet": ("尚无报送", "Nothing has arrived yet"),
    "no_parks": ("目前没有可排名的园区。", "No park can be ranked at present."),
    "rank_note": (
        "仅列用工人数不少于1000人、法人不少于3家的园区，按较序时进度由低到高。",
        "Only parks with at least 1,000 persons and 3 firms, by lead, the lowest first.",
    ),
    "store_away": (
        "数据库暂时没有应答，下列为此前的数字。",
        "The store does not answer at the moment; these are the figures from before.",
    ),
    "store_gone": (
        "数据库暂时没有应答，稍后自动重试。",
        "The store does not answer at the moment; the page tries again.",
    ),
    "no_chart": ("图暂不可用，请看数据表。", "The chart is not available; see the table."),
    "definition_version": ("口径版本", "Definition version"),
    "api": ("接口", "API"),
    "series": ("范围", "Series"),
    "city": ("全市", "City"),
    "updated": ("页面已更新，数据截至", "The page was updated, data until"),
    "chart_of": ("图", "Chart"),
    "now": ("现为", "now"),
    "plan_now": ("序时应达", "due by now"),
}


def words(language: Language) -> dict[str, str]:
    """Every text of the page in one language."""
    return {name: both[0 if language == "zh" else 1] for name, both in _WORDS.items()}
