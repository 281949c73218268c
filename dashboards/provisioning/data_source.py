"""Where Grafana asks: InfluxQL over InfluxDB 2, whose token goes in a header and whose buckets have DBRP mappings."""

import hashlib

from dashboards.provisioning.organisation import Json
from dashboards.uids import DATA_SOURCE
from store.schema import FIGURES


def data_source(url: str, token: str, database: str = FIGURES) -> Json:
    """The one data source of an organisation: its token decides what can be asked through it.

    Every statement of a board names its database, so one data source serves all of them.

    Args:
        url: of the store, as Grafana reaches it.
        token: one that only reads.
        database: one that the token reads, which Grafana asks whether all is well.
    """
    return {
        "uid": DATA_SOURCE,
        "name": "robodensity",
        "type": "influxdb",
        "access": "proxy",
        "url": url,
        "isDefault": True,
        "jsonData": {
            "version": "InfluxQL",
            "dbName": database,
            "httpMode": "POST",
            "httpHeaderName1": "Authorization",
            "tokenFingerprint": hashlib.sha256(token.encode()).hexdigest()[:12],
        },
        "secureJsonData": {"httpHeaderValue1": f"Token {token}"},
    }
