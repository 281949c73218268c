"""What births said of metrics: the names behind aliases, and the datatypes that data leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from sys import intern

from ingest.wire.sparkplug.datatypes import typed
from ingest.wire.sparkplug.payloads import Metric, Payload

BD_SEQ = "bdSeq"


@dataclass(frozen=True)
class Birth:
    """What one birth, of an edge node or of a device, said of its metrics.

    Attributes:
        names: by alias. The specification has aliases unique within the edge node; a table of each birth reads also
            gateways that number each device anew.
        datatypes: by name.
        told_ms: the time in the payload.
    """

    names: dict[int, str]
    datatypes: dict[str, int]
    told_ms: int | None

    @classmethod
    def of(cls, metrics: Iterable[tuple[str, int | None, int]], told_ms: int | None) -> "Birth":
        """A birth from its metrics' names, aliases and datatypes."""
        names: dict[int, str] = {}
        datatypes: dict[str, int] = {}
        for name, alias, datatype in metrics:
            kept = intern(name)  # most devices of a city have the same names
            datatypes[kept] = datatype
            if alias is not None:
                names[alias] = kept
        return cls(names, datatypes, told_ms)

    @classmethod
    def read(cls, payload: Payload) -> "Birth":
        """The birth that a payload is."""
        named = ((metric.name, metric.alias, metric.datatype) for metric in payload.metrics if metric.name)
        return cls.of(named, payload.timestamp_ms)

    def rows(self) -> list[tuple[str, int | None, int]]:
        """Names, aliases and datatypes, as `of` takes them."""
        aliases = {name: alias for alias, name in self.names.items()}
        return [(name, aliases.get(name), datatype) for name, datatype in self.datatypes.items()]

    def resolve(self, metric: Metric) -> Metric | None:
        """A metric of data with its name and datatype; None where no birth named its alias."""
        name = metric.name or (None if metric.alias is None else self.names.get(metric.alias))
        if not name:
            return None
        if metric.datatype:
            return metric if metric.name else replace(metric, name=name)
        datatype = self.datatypes.get(name, 0)
        value = metric.value
        if isinstance(value, int) and not isinstance(value, bool):
            value = typed(value, datatype)
        return replace(metric, name=name, datatype=datatype, value=value)

    def __len__(self) -> int:
        return len(self.datatypes)


NO_BIRTH = Birth({}, {}, None)


def birth_number(payload: Payload) -> int | None:
    """The bdSeq of an edge node's birth; None where there is none."""
    return next((_number(metric) for metric in payload.metrics if metric.name == BD_SEQ), None)


def death_number(payload: Payload, birth: Birth) -> int | None:
    """The bdSeq of a death: by name, by the alias that the birth gave it, or by being the only metric."""
    for metric in payload.metrics:
        named = birth.resolve(metric)
        if named is not None and named.name == BD_SEQ:
            return _number(metric)
    return _number(payload.metrics[0]) if len(payload.metrics) == 1 else None


def _number(metric: Metric) -> int | None:
    value = metric.value
    return value if isinstance(value, int) and not isinstance(value, bool) else None
