"""Every setting, once: the environment, then `.env`, then the default. Checked without I/O."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.access.algorithm import Algorithm
from api.access.caller import Given
from robodensity.errors import Refusal
from store.ledger import REPLAY_WRITER

_PLACEHOLDERS = frozenset({"changeme", "changethis", "change-me", "password", "secret", "token", "admin", "example"})
_WRITER = r"^[A-Za-z0-9_-]{1,64}$"


def _real(value: SecretStr | None) -> SecretStr | None:
    """Refuse a secret that somebody forgot to change."""
    if value is not None and value.get_secret_value().strip().lower() in _PLACEHOLDERS | {""}:
        raise ValueError("is a placeholder; set a secret of your own")
    return value


def _own(value: str) -> str:
    """Refuse the id that replays write under."""
    if value == REPLAY_WRITER:
        raise ValueError(f"is {REPLAY_WRITER}, under which replays write; choose another id")
    return value


Writer = Annotated[str, AfterValidator(_own)]
Secret = Annotated[SecretStr | None, AfterValidator(_real)]


class Settings(BaseSettings):
    """How this process runs; each name with the prefix ROBODENSITY_, documented in .env.example."""

    model_config = SettingsConfigDict(
        env_prefix="ROBODENSITY_", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    simulated: bool = Field(False, description="whether the store holds simulated data; it refuses the other kind")
    first_day: date = Field(date(2023, 12, 31), description="the first day of the figures")
    plan: str = Field("shanghai-2027", description="the plan that is followed: a file of seeds/plans")
    quotas: str | None = Field(
        None, description="assigned quotas: a file of seeds/plans; none shows shares for reference"
    )
    key_set: str | None = Field(
        None, description="the key industries: an id of seeds/key_sets.yaml; none takes its default"
    )

    influx_url: str = Field("http://127.0.0.1:8086", description="where InfluxDB or openGemini answers")
    influx_flavour: Literal["influx2", "influx1", "opengemini"] = Field("influx2", description="which server that is")
    influx_org: str = Field("robodensity", description="the organisation of InfluxDB 2")
    influx_token: Secret = Field(None, description="the token that may read and write")
    influx_token_file: Path | None = Field(
        None, description="a file with that token, as `robodensity prepare` writes it; read where no token is set"
    )
    telemetry_days: int = Field(90, ge=31, description="days that robot status is kept and accepted")

    mqtt_host: str = Field("127.0.0.1", description="the broker")
    mqtt_port: int = Field(1883, ge=1, le=65535, description="its port")
    mqtt_protocol: Literal["5", "3.1.1"] = Field("5", description="the newest MQTT that the broker speaks")
    mqtt_username: str | None = Field(None, description="this process's account at the broker")
    mqtt_password: Secret = Field(None, description="its password")
    mqtt_queue_bytes: int = Field(
        2 * 1024**3,
        ge=0,
        description="what the broker queues for one session (its max_queued_bytes); 0 where it has no limit",
    )
    mqtt_tls_ca: Path | None = Field(None, description="certificate authority of the broker; none speaks without TLS")

    worker: Writer = Field("ingest-1", pattern=_WRITER, description="this ingest worker's id; no other writer has it")
    replay_worker: str = Field(
        "ingest-1", pattern=_WRITER, description="the one ingest worker that replays what was refused"
    )
    shared: bool = Field(False, description="whether several ingest workers share one subscription")
    sparkplug_worker: bool = Field(
        False, description="whether this ingest worker takes Sparkplug too; one of a deployment does"
    )
    sparkplug_rebirth: bool = Field(
        False, description="whether it may ask edge nodes for their births (NCMD); ask the plants first"
    )
    sparkplug_reorder_s: float = Field(
        5.0, ge=0, le=60, description="seconds that a Sparkplug message waits for those before it"
    )
    receive_maximum: int = Field(40_000, ge=1, le=65535, description="messages that the broker may send unacknowledged")
    max_bytes: int = Field(64 * 1024 * 1024, ge=2 * 1024 * 1024, description="bytes of messages in flight in a worker")

    rollup_poll_s: float = Field(0.2, gt=0, description="seconds between two looks at the marks")
    publish_day: int = Field(
        10,
        ge=1,
        le=28,
        description="a month's figures are published on this day of the next month; later changes leave a restatement",
    )

    api_host: str = Field("127.0.0.1", description="where the API listens")
    api_port: int = Field(8000, ge=1, le=65535, description="on which port")
    api_writer: Writer = Field("api-1", pattern=_WRITER, description="this API process's id; no other writer has it")
    api_url: str = Field("http://127.0.0.1:8000", description="where the simulator and the commands find the API")
    admin_key: Secret = Field(None, description="the key of the API's administrator; none refuses all that needs it")
    oidc_issuer: str | None = Field(
        None, description="the identity provider whose tokens are taken, as their `iss` says; none takes none"
    )
    oidc_audience: str = Field("robodensity", description="what `aud` of a token must name")
    oidc_jwks: str | None = Field(
        None,
        pattern="^(https://|http://(127\\.0\\.0\\.1|localhost)[:/]|/)",
        description="its public keys: an https URL or a file",
    )
    oidc_algorithm: Algorithm = Field("RS256", description="what it signs with; a token that says otherwise is refused")
    oidc_role_claim: str = Field("roles", description="the claim with roles or groups; dots lead into objects")
    oidc_roles: dict[str, Given] = Field({}, description="the role here by value of that claim, as JSON")
    oidc_areas_claim: str = Field(
        "areas", description="the claim with the areas of a role area, such as district:310115"
    )
    oidc_factories_claim: str = Field("factories", description="the claim with the factories of a role factory")
    audit_file: Path | None = Field(None, description="the file that every change through the API is appended to")

    upload_bytes: int = Field(8 * 1024**2, ge=1024, description="the largest file that is taken as an upload")
    upload_rows: int = Field(10_000, ge=1, le=100_000, description="its most rows below the headings")
    upload_preview_s: float = Field(1800.0, gt=0, description="seconds that an upload waits to be confirmed")

    health_host: str = Field("127.0.0.1", description="where ingest and rollup tell their health")
    health_port: int = Field(9100, ge=1, le=65535, description="on which port")
    vitals_s: float = Field(15.0, gt=0, description="seconds between two points of a process's vitals")

    grafana_url: str = Field("http://127.0.0.1:3000", pattern="^https?://", description="the Grafana that is pushed to")
    grafana_user: str | None = Field(None, description="its server administrator, who may make organisations")
    grafana_password: Secret = Field(None, description="that account's password")
    grafana_token: Secret = Field(
        None, description="instead of both, a token of one organisation: then the districts' are left alone"
    )
    grafana_influx_url: str | None = Field(
        None, description="where that Grafana finds the store; none takes ROBODENSITY_INFLUX_URL"
    )
    read_tokens: Path | None = Field(
        None, description="a folder of tokens that only read, `city` and one for each district by its adcode"
    )
    board_url: str = Field("http://127.0.0.1:8000", description="where people reach the web board, for links in alerts")
    grafana_webhook_url: Secret = Field(None, description="where alerts of the city go: a webhook")
    grafana_dingtalk_url: Secret = Field(None, description="a DingTalk robot, with its access token")
    grafana_wecom_url: Secret = Field(None, description="a WeCom robot, with its key")
    grafana_email: str | None = Field(None, description="e-mail addresses with ; between them")
    grafana_district_contacts: dict[str, dict[Literal["webhook", "dingtalk", "wecom", "email"], SecretStr]] = Field(
        {}, description="where alerts of districts go as well, as JSON by adcode and way"
    )


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        Refusal: one is wrong; names it.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ROBODENSITY_" + "_".join(str(part) for part in first["loc"]).upper()
        raise Refusal(f"{name} is wrong: {first['msg']}. See .env.example for what it takes.") from error


def secret(value: SecretStr | None) -> str | None:
    """What a secret says."""
    return value.get_secret_value() if value is not None else None
