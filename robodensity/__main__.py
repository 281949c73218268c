"""The `robodensity` command; each one loads only what it needs, as a health check runs every few seconds."""

import json
import logging
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import structlog
import typer
from rich.console import Console

from robodensity import key_app, refused_app
from robodensity.arenas import few_arenas
from robodensity.errors import Refusal
from robodensity.settings import load_settings, secret

app = typer.Typer(
    help="Tells a city, honestly and every day, how far its factories have come with robots.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
boards = typer.Typer(help="Grafana's boards and alert rules.", no_args_is_help=True)
app.add_typer(boards, name="boards")
app.add_typer(refused_app.app, name="refused", no_args_is_help=True)
app.add_typer(key_app.app, name="key", no_args_is_help=True)
_console = Console(stderr=True, soft_wrap=True)


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Play the whole of Shanghai, simulated.")] = False,
    scale: Annotated[float, typer.Option(min=0.001, max=20.0, help="Size of the simulated city.")] = 1.0,
    data_dir: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path("robodensity-data"),
    host: Annotated[str, typer.Option(help="Where the page is served.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default 8000, or the next free one.")] = None,
    mqtt_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default 1883, or the next free one.")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="End when the history is in; the summary goes to stdout.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary on one line.")] = False,
) -> None:
    """Run everything on this machine: broker, ingest, rollup, API and the board."""
    few_arenas()
    from robodensity.up.run import UpOptions  # noqa: PLC0415
    from robodensity.up.run import up as start  # noqa: PLC0415

    options = UpOptions(demo, scale, data_dir, host, port, mqtt_port, once, as_json)
    result = start(options, _console)
    if result is not None:
        sys.stdout.write(result + "\n")


@app.command()
def ingest(
    *,
    worker: Annotated[str | None, typer.Option(help="This worker's id; no other writer has it.")] = None,
    retire: Annotated[
        bool, typer.Option("--retire", help="Take what the broker holds for this worker, end its session and stop.")
    ] = False,
) -> None:
    """Take in what factories publish."""
    from robodensity.processes.ingest import run_ingest  # noqa: PLC0415

    run_ingest(load_settings(**({"worker": worker} if worker else {})), _console, retire=retire)


@app.command()
def rollup() -> None:
    """Fold reports into figures."""
    from robodensity.processes.rollup import run_rollup  # noqa: PLC0415

    run_rollup(load_settings(), _console)


@app.command()
def api() -> None:
    """Serve the API and the board."""
    from robodensity.processes.api import run_api  # noqa: PLC0415

    run_api(load_settings(), _console)


@app.command()
def prepare(
    *,
    write_token: Annotated[Path | None, typer.Option(help="File for the token of ingest, rollup and API.")] = None,
    read_tokens: Annotated[Path | None, typer.Option(help="Folder for tokens that only read: city, districts.")] = None,
) -> None:
    """Make the store's databases, and tokens that may do no more than they need; with the administrator's token."""
    from robodensity.prepare import prepare as make  # noqa: PLC0415

    make(load_settings(), _console, write_token=write_token, read_tokens=read_tokens)


@app.command()
def ready(url: Annotated[str, typer.Argument(help="A /readyz.")]) -> None:
    """Ask a process whether it is ready; for health checks."""
    from robodensity.ready import ask_ready  # noqa: PLC0415

    ask_ready(url)


@app.command()
def simulate(
    *,
    scale: Annotated[float, typer.Option(min=0.001, max=20.0)] = 1.0,
    history: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = datetime(2023, 12, 31),  # noqa: DTZ001 - a date
    once: Annotated[bool, typer.Option("--once", help="End after the history.")] = False,
    describe: Annotated[bool, typer.Option("--describe", help="Print the city's shape and end.")] = False,
    cursor: Annotated[Path | None, typer.Option(help="File that says how far the city has been published.")] = None,
    mqtt_host: Annotated[str | None, typer.Option()] = None,
    mqtt_port: Annotated[int | None, typer.Option()] = None,
    mqtt_protocol: Annotated[str | None, typer.Option(help="5 or 3.1.1")] = None,
    api_url: Annotated[str | None, typer.Option()] = None,
    admin_key_file: Annotated[Path | None, typer.Option(help="Instead of ROBODENSITY_ADMIN_KEY.")] = None,
    sparkplug: Annotated[
        bool, typer.Option("--sparkplug", help="Let some factories publish through Sparkplug edge nodes.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Progress as JSON lines on stdout.")] = False,
) -> None:
    """Publish a simulated city; all of it is labelled simulated."""
    from robodensity.simulator import run_simulator  # noqa: PLC0415

    given = {"mqtt_host": mqtt_host, "mqtt_port": mqtt_port, "mqtt_protocol": mqtt_protocol, "api_url": api_url}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    run_simulator(
        settings, scale=scale, history=history.date(), once=once, describe=describe, cursor=cursor,
        admin_key_file=admin_key_file, as_json=as_json, sparkplug=sparkplug,
    )  # fmt: skip


@app.command()
def doctor(
    *,
    admin_key_file: Annotated[Path | None, typer.Option(help="Instead of ROBODENSITY_ADMIN_KEY.")] = None,
    api_url: Annotated[str | None, typer.Option(help="Instead of ROBODENSITY_API_URL.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check the seeds, the settings and the running system; exit code 1 where something is wrong."""
    from robodensity.doctor import examine  # noqa: PLC0415
    from robodensity.finding import as_json as told  # noqa: PLC0415
    from robodensity.finding import as_text, failed  # noqa: PLC0415

    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    findings = list(examine(today=today, admin_key_file=admin_key_file, api_url=api_url))
    sys.stdout.write((told if as_json else as_text)(findings) + "\n")
    raise typer.Exit(1 if failed(findings) else 0)


@app.command()
def explain(
    scope: Annotated[str, typer.Argument(help="city, district:310115, park:P01, zone:…, industry:36, factory:F1")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Asia/Shanghai.")],
    figure: Annotated[str, typer.Argument(help="stock, gross_new, density_12m, …")],
    *,
    series: Annotated[str, typer.Option(help="total, all or key")] = "key",
    key_set: Annotated[str | None, typer.Option(help="Which industries are key.")] = None,
    admin_key_file: Annotated[Path | None, typer.Option(help="Instead of ROBODENSITY_ADMIN_KEY.")] = None,
    api_url: Annotated[str | None, typer.Option(help="Instead of ROBODENSITY_API_URL.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The API's answer as it is.")] = False,
) -> None:
    """Say why a figure is what it is, in Chinese and English; asks the running system."""
    from robodensity.explain import as_text, ask, key_of  # noqa: PLC0415

    settings = load_settings(**({"api_url": api_url} if api_url else {}))
    key = key_of(admin_key_file) if admin_key_file else secret(settings.admin_key)
    given = {"scope": scope, "day": f"{day:%Y-%m-%d}", "figure": figure, "series": series, "key_set": key_set}
    answer = ask(settings.api_url, key, {name: value for name, value in given.items() if value is not None})
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if as_json else as_text(answer)) + "\n")


@boards.command("build")
def boards_build() -> None:
    """Write the JSON of boards and alert rules anew, where the project is developed; says which files changed."""
    from robodensity.boards import build  # noqa: PLC0415

    build()


@boards.command("check")
def boards_check() -> None:
    """Fail where the checked-in JSON of boards and alert rules is not what the code makes."""
    from robodensity.boards import check  # noqa: PLC0415

    check()


@boards.command("push")
def boards_push(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what was changed by hand.")] = False,
) -> None:
    """Make a running Grafana hold the boards, the alert rules and one organisation for each district."""
    from robodensity.assembly import load_law  # noqa: PLC0415
    from robodensity.boards_push import push  # noqa: PLC0415

    settings = load_settings()
    push(settings, load_law(settings), _console, dry_run=dry_run, force=force)


@app.command()
def check(
    kind: Annotated[Literal["status", "lifecycle", "workforce", "inventory", "assessment"], typer.Argument()],
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="The message; stdin without it.")] = "-",  # type: ignore[assignment] # typer opens it
    *,
    factory: Annotated[str | None, typer.Option(help="Who would send it; the register is asked for it.")] = None,
    admin_key_file: Annotated[Path | None, typer.Option(help="Instead of ROBODENSITY_ADMIN_KEY.")] = None,
    api_url: Annotated[str | None, typer.Option(help="Instead of ROBODENSITY_API_URL.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Judge a message as ingest would and store nothing; exit code 1 where anything of it would be refused."""
    from robodensity.check import as_text, judged  # noqa: PLC0415

    system = refused_app.system_of(api_url, admin_key_file)
    answer = judged(
        system, kind, file.read(), factory=factory, now_ns=time.time_ns(), telemetry_days=load_settings().telemetry_days
    )
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if as_json else as_text(answer)) + "\n")
    raise typer.Exit(0 if answer["ok"] else 1)


def _configure_logging() -> None:
    """One line an event, on stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def main() -> None:
    """Run a command; a refusal is one sentence on stderr and exit code 2."""
    _configure_logging()
    try:
        app()
    except Refusal as refusal:
        _console.print(str(refusal), markup=False, highlight=False)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
