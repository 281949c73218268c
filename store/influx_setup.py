"""Databases of an InfluxDB or openGemini, created in each server's own way."""

from collections.abc import Callable
from typing import Any, Literal

import httpx
from influxdb_client import BucketRetentionRules, InfluxDBClient
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from store.errors import StoreUnavailable
from store.influxql import quoted

Flavour = Literal["influx1", "influx2", "opengemini"]
Create = Callable[[str, int | None], None]

_DAY_S = 86_400
POLICY = "autogen"


def shard_days(retention_days: int | None) -> int:
    """The days of one shard: settled at creation, since a later change leaves overlapping shards."""
    if retention_days is None:
        return 364
    if retention_days <= 7:
        return 1
    return 7 if retention_days <= 100 else 28


def creator(flavour: Flavour, client: InfluxDBClient, org: str, http: httpx.Client) -> Create:
    """What creates a database with a retention in days; None keeps for ever."""
    if flavour == "influx2":
        return lambda database, days: _create_bucket(client, org, http, database, days)
    return lambda database, days: _create_database(http, database, days)


def _create_database(http: httpx.Client, database: str, days: int | None) -> None:
    duration = "INF" if days is None else f"{days}d"
    name = quoted(database)
    statements = (
        f"CREATE DATABASE {name}; ALTER RETENTION POLICY {quoted(POLICY)} ON {name} "
        f"DURATION {duration} SHARD DURATION {shard_days(days)}d"
    )
    answer = _json(http.post("/query", data={"q": statements}), database)
    errors = [result["error"] for result in answer["results"] if "error" in result]
    if errors:
        raise StoreUnavailable(f"InfluxDB does not create the database {database}: {errors[0]}. Create it by hand.")


def _create_bucket(client: InfluxDBClient, org: str, http: httpx.Client, database: str, days: int | None) -> None:
    """Make the bucket, and the mapping without which InfluxQL does not find it."""
    try:
        buckets = client.buckets_api()
        bucket = buckets.find_bucket_by_name(database)
        rule = BucketRetentionRules(
            type="expire",
            every_seconds=(days or 0) * _DAY_S,
            shard_group_duration_seconds=shard_days(days) * _DAY_S,
        )
        if bucket is None:
            bucket = buckets.create_bucket(bucket_name=database, org=org, retention_rules=rule)
        elif [each.every_seconds for each in bucket.retention_rules or []] != [rule.every_seconds]:
            bucket.retention_rules = [rule]
            bucket = buckets.update_bucket(bucket)
    except (ApiException, HTTPError) as error:
        raise StoreUnavailable(
            f"InfluxDB does not create the bucket {database}: {error}. Give the token the rights on buckets of {org}."
        ) from error
    known = _json(http.get("/api/v2/dbrps", params={"orgID": bucket.org_id, "db": database}), database)
    if not any(mapping["bucketID"] == bucket.id and not mapping.get("virtual") for mapping in known["content"]):
        mapping = {
            "orgID": bucket.org_id, "bucketID": bucket.id, "database": database,
            "retention_policy": POLICY, "default": True,
        }  # fmt: skip
        _json(http.post("/api/v2/dbrps", json=mapping), database)


def _json(response: httpx.Response, database: str) -> dict[str, Any]:
    if response.is_error:
        raise StoreUnavailable(
            f"InfluxDB answers {response.status_code} to the set-up of {database}: {response.text[:200].strip()}. "
            "Check the token and its rights."
        )
    answer: dict[str, Any] = response.json()
    return answer
