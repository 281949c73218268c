"""Pages of the web board that show the same figures as accessible tables."""

from dashboards.uids import Language

WEB = "${web}"  # the web board's address: a constant of each board, set when boards are pushed
DEFAULT_WEB = "http://127.0.0.1:8000"


def page(path: str, language: Language) -> str:
    """The address of a page in a language; the path may hold variables."""
    path, mark, anchor = path.partition("#")
    return f"{WEB}{path}?lang={language}{mark}{anchor}"
