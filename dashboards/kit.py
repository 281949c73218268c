"""What every board is made with, and of: its language, reference data and plan, and its frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import (
    AnnotationContainer,
    Dashboard,
    DashboardCursorSync,
    DashboardDashboardTemplating,
    DashboardDashboardTime,
    DashboardLink,
    DashboardLinkType,
    VariableHide,
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
    VariableType,
)

from dashboards.panels import Frame
from dashboards.query import PLUGIN
from dashboards.sheet import Sheet
from dashboards.speech import Speech
from dashboards.twins import DEFAULT_WEB, page
from dashboards.uids import BOARDS, DATA_SOURCE, Board, board_uid
from density.plan import Plan
from density.register import Reference

TIME_ZONE = "Asia/Shanghai"
SCHEMA_VERSION = 42
TAG = "robodensity"


@dataclass(frozen=True)
class Kit:
    """What a board is made with.

    Attributes:
        speech: its language.
        reference: areas and industries.
        plan: whose headline targets stand first.
    """

    speech: Speech
    reference: Reference
    plan: Plan

    def frame(self, title: str, *terms: str, path: str, also: str = "", nothing: str = "nothing") -> Frame:
        """The frame of a panel: title, definitions of its figures, twin on the web board, text for no data."""
        told = self.speech.define(*terms)
        definition = f"{also}\n\n{told}" if also else told
        twin = (self.speech.word("twin"), page(path, self.speech.language))
        return Frame(title, definition, twin, self.speech.word(nothing))

    def board_link(self, board: Board, **variables: str) -> str:
        """The address of another board of this language; values may be of the row that is clicked."""
        chosen = "&".join(f"var-{name}={value}" for name, value in variables.items())
        return f"/d/{board_uid(board, self.speech.language)}?{chosen}&${{__url_time_range}}"

    def districts(self) -> dict[str, str]:
        """Names by adcode."""
        return {each.id: self.speech.named(each.name) for each in self.reference.districts.values()}

    def parks(self) -> dict[str, str]:
        """Names by id."""
        return {each.id: self.speech.named(each.name) for each in self.reference.parks.values()}

    def industries(self) -> dict[str, str]:
        """Names of divisions by scope."""
        found = self.reference.industries.items()
        return {f"industry:{code}": f"{code} {self.speech.named(name)}" for code, name in found if len(code) == 2}

    def board(
        self, board: Board, sheet: Sheet, variables: Sequence[VariableModel] = (), *, since: str = "now-4y",
        refresh: str = "5m",
    ) -> Dashboard:  # fmt: skip
        """A board of the panels on a sheet.

        Args:
            board: which one.
            sheet: its panels.
            variables: what a viewer chooses.
            since: where its time range begins.
            refresh: how often it asks again.
        """
        speech = self.speech
        return Dashboard(
            uid=board_uid(board, speech.language),
            title=speech.word(f"board_{board}"),
            description=speech.word(f"about_{board}"),
            tags=[TAG, speech.language],
            timezone=TIME_ZONE,
            editable=False,
            graph_tooltip=DashboardCursorSync.CROSSHAIR,
            time=DashboardDashboardTime(since, "now"),
            week_start="monday",
            refresh=refresh,
            schema_version=SCHEMA_VERSION,
            panels=list(sheet.panels),
            templating=DashboardDashboardTemplating([self._data_source(), self._web(), *variables]),
            annotations=AnnotationContainer([]),
            links=[self._link(each) for each in BOARDS if each != board],
        )

    def choice(self, name: str, label: str, options: Mapping[str, str]) -> VariableModel:
        """A variable whose values and names are known beforehand."""
        spoken = {value: text.replace(",", "") for value, text in options.items()}  # a comma ends an option
        listed = [
            VariableOption(text=text, value=value, selected=not place)
            for place, (value, text) in enumerate(spoken.items())
        ]
        return VariableModel(
            VariableType.CUSTOM,
            name=name,
            label=label,
            query=", ".join(f"{text} : {value}" for value, text in spoken.items()),
            options=listed,
            current=listed[0],
            allow_custom_value=False,
        )

    def asked(self, name: str, label: str, statement: str, *, hidden: bool = False) -> VariableModel:
        """A variable whose values the store knows; a hidden one follows from others, and nobody chooses it."""
        return VariableModel(
            VariableType.QUERY,
            name=name,
            label=label,
            query=statement,
            definition=statement,
            datasource=DataSourceRef(PLUGIN, "${datasource}"),
            refresh=VariableRefresh.ON_TIME_RANGE_CHANGED,
            hide=VariableHide.HIDE_VARIABLE if hidden else None,
            sort=VariableSort.ALPHABETICAL_ASC,
            allow_custom_value=False,
        )

    def _data_source(self) -> VariableModel:
        return VariableModel(
            VariableType.DATASOURCE,
            name="datasource",
            label=self.speech.word("data_source"),
            query=PLUGIN,
            current=VariableOption(text="robodensity", value=DATA_SOURCE, selected=True),
            allow_custom_value=False,
        )

    def _web(self) -> VariableModel:
        only = VariableOption(text=DEFAULT_WEB, value=DEFAULT_WEB, selected=True)
        return VariableModel(
            VariableType.CONSTANT,
            name="web",
            label=self.speech.word("web_board"),
            query=DEFAULT_WEB,
            current=only,
            options=[only],
            hide=VariableHide.HIDE_VARIABLE,
            skip_url_sync=True,
        )

    def _link(self, board: Board) -> DashboardLink:
        return DashboardLink(
            self.speech.word(f"board_{board}"),
            DashboardLinkType.LINK,
            icon="dashboard",
            tooltip=self.speech.word(f"about_{board}"),
            url=f"/d/{board_uid(board, self.speech.language)}",
            keep_time=True,
        )
