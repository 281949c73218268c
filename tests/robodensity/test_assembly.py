from robodensity.assembly import rollup_options
from robodensity.settings import Settings


def test_rollup_options_are_those_of_the_settings() -> None:
    options = rollup_options(Settings(_env_file=None, publish_day=15, rollup_poll_s=2.0))
    assert (options.publish_day, options.poll_s) == (15, 2.0)
