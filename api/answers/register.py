"""Factories, robots and what is recognised, as they are answered."""

from typing import Literal

from api.answers.accounting import Contact, FactoryAccounts
from api.answers.figures import ScopeFigures
from api.answers.form import SOMETIMES, Answered, Day, FactoryName, Moment, Next


class Factory(Answered):
    """What the register says of a factory from a day on."""

    factory: str
    name: FactoryName
    credit_code: str | None
    """统一社会信用代码."""
    district: str
    """Its adcode."""
    park: str | None
    industry: str
    """4 digits of GB/T 4754-2017."""
    above_scale: bool
    """规上."""
    edge_nodes: list[str]
    """Sparkplug group/node."""
    from_: Day | None
    """Null of a first registration, which holds for all days before the next."""
    closed: Day | None
    """From this day it counts no more."""
    metric_paths: dict[str, dict[str, str]] = SOMETIMES
    """By edge node, the plant's metric and the metric of the contract that it is."""


class FactoryAccount(Answered):
    """How the factory comes in."""

    username: str
    password: str


class FactoryKept(Answered):
    """A registration as it is stored."""

    factory: Factory
    account: FactoryAccount | None


class Factories(Answered):
    """Registrations in force today, by factory id."""

    factories: list[Factory]
    next: Next


class OneFactory(Answered):
    """A factory: its registrations, newest figures, accounts and contact."""

    factory: Factory
    registrations: list[Factory]
    """Every one, the oldest first."""
    latest: ScopeFigures
    accounting: FactoryAccounts
    contact: Contact | None
    """Null before it was ever heard."""


class Nameplate(Answered):
    """As the factory typed it last."""

    manufacturer: str | None
    model: str | None
    serial: str | None


class Identity(Answered):
    """A nameplate as every one that names the machine is read."""

    manufacturer: str
    model: str
    serial: str


class RobotNew(Answered):
    """That the robot counts as new to the city, credited to this factory."""

    since: Day
    by_moved_in: bool
    """迁入: until an earlier entry arrives."""


class RobotConflict(Answered):
    """That a stay ended only because of another entering."""

    factory: str
    identity: Identity
    at: Moment


class RobotFlags(Answered):
    """What is doubtful about a robot."""

    conflict: list[RobotConflict]
    suspected_duplicate: list[Identity]
    awaiting_review: bool
    installed_pending: bool
    """已装未验收."""
    undated: bool
    awaiting_nameplate: bool


class Robot(Answered):
    """One machine under one asset number of a factory."""

    robot: str
    """The asset number."""
    identity: Identity | None
    """Null while no event carries a nameplate: it waits and counts nothing."""
    nameplate: Nameplate
    in_stock: bool
    """在役 today."""
    since: Day | None
    until: Day | None
    new: RobotNew | None
    category: str | None
    purpose: str | None
    flags: RobotFlags


class Robots(Answered):
    """Every robot that the factory ever named, by asset number."""

    robots: list[Robot]
    next: Next


class SubjectFactory(Answered):
    """A registered factory that is recognised."""

    factory: str


class SubjectNamed(Answered):
    """A body that is recognised, by name and district."""

    name: str
    district: str


class Designation(Answered):
    """认定."""

    kind: Literal["smart_factory", "chain_leader", "service_provider", "innovation_centre"]
    scheme: str
    grade: str | None
    subject: SubjectFactory | SubjectNamed
    from_: Day
    to: Day | None
    """The first day on which it no longer holds."""
    record: str | None


class DesignationKept(Answered):
    """A designation as it is stored."""

    designation: Designation


class Settlement(Answered):
    """Whether two nameplates are one machine."""

    manufacturer: str
    serial: str
    model: str
    """That stays."""
    other_model: str
    record: str
    same: bool


class SettlementKept(Answered):
    """A settlement as it is stored."""

    settlement: Settlement


class Review(Answered):
    """Whether machines of a model count as industrial robots."""

    manufacturer: str
    model: str
    counts: bool
    record: str


class ReviewKept(Answered):
    """A review as it is stored."""

    review: Review
