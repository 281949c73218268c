"""The SQL of the embedded store: one DuckDB schema a database, one table a measurement.

Identifiers are quoted and values are parameters, so nothing that is stored can become SQL.
"""

# ruff: noqa: S608 - see above

from collections.abc import Mapping, Sequence

from store.schema import FieldType, Measurement

TYPES: Mapping[FieldType, str] = {"int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "text": "VARCHAR"}
ARRIVING = "arriving"
TABLES = "SELECT schema_name, table_name FROM duckdb_tables()"  # every database and measurement that has one


def quoted(name: str) -> str:
    """An identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def table(database: str, measurement: str) -> str:
    """The qualified name of a measurement's table."""
    return f"{quoted(database)}.{quoted(measurement)}"


def columns(measurement: Measurement) -> dict[str, str]:
    """Every column with its SQL type, in order."""
    head = {"time": "BIGINT NOT NULL", **dict.fromkeys(measurement.tags, "VARCHAR NOT NULL")}
    return {**head, **{field.name: TYPES[field.type] for field in measurement.fields}}


def create(database: str, measurement: Measurement) -> str:
    """Make the schema and the table, whichever is missing."""
    body = ", ".join(f"{quoted(name)} {type_}" for name, type_ in columns(measurement).items())
    return (
        f"CREATE SCHEMA IF NOT EXISTS {quoted(database)}; "
        f"CREATE TABLE IF NOT EXISTS {table(database, measurement.name)} ({body})"
    )


def insert(database: str, measurement: Measurement, present: Sequence[str]) -> str:
    """Append rows that no stored point can equal."""
    names = ", ".join(map(quoted, present))
    return f"INSERT INTO {table(database, measurement.name)} ({names}) SELECT {names} FROM {ARRIVING}"


def merge(database: str, measurement: Measurement, present: Sequence[str]) -> str:
    """Append rows, or merge them field by field into the points that they name again; takes the span of times."""
    fields = [quoted(name) for name in present if name not in measurement.key]
    match = " AND ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in measurement.key)
    names = ", ".join(map(quoted, present))
    changed = " OR ".join(f"new.{name} IS NOT NULL AND new.{name} IS DISTINCT FROM old.{name}" for name in fields)
    return (
        f"MERGE INTO {table(database, measurement.name)} AS old USING {ARRIVING} AS new "
        f"ON {match} AND old.time BETWEEN ? AND ? "
        f"WHEN MATCHED AND ({changed}) THEN UPDATE SET "
        + ", ".join(f"{name} = coalesce(new.{name}, old.{name})" for name in fields)
        + f" WHEN NOT MATCHED THEN INSERT ({names}) VALUES ("
        + ", ".join(f"new.{quoted(name)}" for name in present)
        + ")"
    )


def select(database: str, measurement: Measurement, conditions: Sequence[str], newest: int | None) -> str:
    """Read points, oldest first."""
    names = ", ".join(map(quoted, measurement.columns))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = f"SELECT {names} FROM {table(database, measurement.name)}{where}"
    limited = rows if newest is None else f"SELECT * FROM ({rows} ORDER BY time DESC LIMIT {newest:d})"
    return f"{limited} ORDER BY time"


def newest(database: str, measurement: Measurement) -> str:
    """The newest time of a table; null when it is empty."""
    return f"SELECT max(time) FROM {table(database, measurement.name)}"


def delete(database: str, measurement: Measurement) -> str:
    """Delete what is older than the one parameter."""
    return f"DELETE FROM {table(database, measurement.name)} WHERE time < ?"
