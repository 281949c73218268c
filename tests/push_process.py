"""Pushes on demand: run by the interpreter of .venv-boards, which a test process cannot load beside its own urllib3.

Reads one JSON object a line, `{"options": […], "environment": {…}, "folder": …, "retired": {…}}`, runs
`robodensity boards push` with it, and answers `{"code": …, "said": …}`.
"""

import contextlib
import io
import json
import os
import sys
import warnings

from dashboards.provisioning import retired
from robodensity import __main__ as command
from robodensity import assembly
from robodensity.settings import Settings


def answer(asked: dict) -> dict:
    for name in [each for each in os.environ if each.startswith("ROBODENSITY_")]:
        del os.environ[name]
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for name in [each for each in vars(retired) if each.isupper()]:
        setattr(retired, name, tuple(asked["retired"].get(name, ())))
    sys.argv = ["robodensity", "boards", "push", *asked["options"]]
    said, code = io.StringIO(), 0
    with contextlib.redirect_stderr(said):
        try:
            command.main()
        except SystemExit as end:
            code = end.code or 0
    return {"code": code, "said": said.getvalue()}


warnings.simplefilter("error")
law = assembly.load_law(Settings(_env_file=None))
assembly.load_law = lambda _settings: law  # reading seeds/ takes longer than a push
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201
