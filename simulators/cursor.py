"""How far the simulator has come, by phase: everything up to that moment is published and acknowledged."""

import json
from dataclasses import dataclass, field
from pathlib import Path


class SimulateError(SystemExit):
    """The simulator cannot go on; says why and what to do."""


@dataclass
class Cursor:
    """What was sent of one city.

    Attributes:
        path: where it is kept; None keeps nothing.
        city: seed and scale; another city's cursor is refused.
        through_s: by phase.
    """

    path: Path | None
    city: dict[str, float]
    through_s: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None, *, seed: int, scale: float) -> "Cursor":
        """The cursor in a file, or a new one.

        Raises:
            SimulateError: the file is of another city or cannot be read.
        """
        city = {"seed": seed, "scale": scale}
        if path is None or not path.exists():
            return cls(path, city)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            found, through = kept["city"], {str(phase): int(at_s) for phase, at_s in kept["through_s"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SimulateError(f"The cursor {path} cannot be read ({error}): remove it to send all again.") from error
        if found != city:
            raise SimulateError(
                f"The cursor {path} is of another simulated city ({found}, not {city}): use another data folder."
            )
        return cls(path, city, through)

    def advance(self, phase: str, through_s: int) -> None:
        """Note that a phase is acknowledged through a moment."""
        self.through_s[phase] = through_s
        self.write()

    def write(self) -> None:
        """Keep it, whole or not at all.

        Raises:
            SimulateError: the file cannot be written.
        """
        if self.path is None:
            return
        fresh = self.path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps({"simulated": True, "city": self.city, "through_s": self.through_s}))
            fresh.replace(self.path)
        except OSError as error:
            raise SimulateError(
                f"The cursor {self.path} cannot be written ({error}): free it or name another."
            ) from error
