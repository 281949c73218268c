"""About the figures: how each is defined, where it comes from, and how much the definitions matter."""

from api.board.charting.about import about_charts
from api.board.pages.frame import Asked, Found, Page
from api.board.texts import word
from api.sensitivity import table_json

# The order in which a reader meets them; what seeds/terms.yaml has beside these is named where it stands.
DEFINED = {
    "robots": (
        "stock", "gross_new", "flow", "in_transit", "installed_pending", "undated", "stock_ifr", "connected_stock",
        "operating_stock", "undeclared", "unseen", "inventory_gap",
    ),
    "people_and_density": (
        "persons", "stock_counted", "persons_counted", "density", "density_12m", "density_annual", "density_ifr",
        "expected_density", "mix_index", "effect_stock", "effect_headcount", "effect_composition",
    ),
    "completeness": ("response", "frame_coverage", "end_of_period_share", "refused", "restatement"),
    "factories_by_grade": ("smart_factories", "smart_claimed", "designation", "assessment"),
    "scopes": ("total", "all", "key", "outside_parks"),
    "progress_words": (
        "baseline", "goal", "planned", "progress", "planned_progress", "lead", "pace", "gap", "required_rate",
        "trailing_rate", "quota", "reference_share",
    ),
    "status_words": (
        "met", "missed", "lagging", "at_risk", "on_track", "at_reference", "below_reference", "too_early", "no_data",
        "no_quota",
    ),
}  # fmt: skip


def find(asked: Asked) -> Found:
    """Everything that the page on the figures says."""
    sources = asked.sources
    return Found(
        title=word("about"),
        trail=(asked.city,),
        facts={
            "scope": asked.address,
            "defined": DEFINED,
            "targets": asked.plan.targets,
            "key_sets": [sources.definition.key_set, *sources.definition.other_key_sets],
            "crosswalk": sorted(sources.definition.crosswalk.counts_from.items()),
            "sensitivity": table_json(sources.sensitivity.told(asked.folded), sources.reference),
            "definition": sources.definition,
        },
    )


PAGE = Page("about.html", find, about_charts, of_day=True)
