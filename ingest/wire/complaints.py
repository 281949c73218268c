"""What pydantic found, as a refusal in the words of the contract."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_type_hints

from pydantic import ValidationError

from ingest.wire.models import Nameplate, Voided
from ingest.wire.refusals import WireError, clean, shown

_NESTED: Mapping[str, type] = {"nameplate": Nameplate, "voids": Voided}
_NOUNS = {
    "string_type": "text", "int_type": "an integer", "float_type": "a number", "bool_type": "true or false",
    "dict_type": "an object", "list_type": "a list",
}  # fmt: skip


def as_wire_error(error: ValidationError, model: type) -> WireError:
    """The first complaint about a value of a model; an unknown field goes first, since a typo causes others."""
    found = error.errors(include_url=False)
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    loc, kind = first["loc"], first["type"]
    path = ".".join(str(part) for part in loc)
    if kind == "extra_forbidden":
        fields = get_type_hints(_NESTED.get(str(loc[-2]), model) if len(loc) > 1 else model)
        return WireError("unknown_field", _unknown(str(loc[-1]), list(fields)), path)
    detail = _sentence(kind, path or "The item", first["input"], first.get("ctx", {}))
    return WireError("invalid_field", detail, path)


def _unknown(name: str, fields: Sequence[str]) -> str:
    near = get_close_matches(name[:64], fields, n=1, cutoff=0.0)
    return f"{clean(shown(name))} is no field of the contract; the nearest is {near[0]}. Correct it or leave it out."


def _sentence(kind: str, path: str, value: object, ctx: Mapping[str, Any]) -> str:
    if kind == "missing":
        return f"{path} is missing: it is required."
    if kind in {"too_short", "too_long"}:
        limit = f"at least {ctx['min_length']}" if kind == "too_short" else f"at most {ctx['max_length']}"
        return f"{path} has {len(value) if isinstance(value, list) else 'as many'} items; {limit} are taken."
    return f"{path} is {shown(value)}{_reason(kind, ctx)}."


def _reason(kind: str, ctx: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return f"; it must be one of {ctx['expected']}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"; it must be at {'least' if 'ge' in ctx else 'most'} {ctx.get('ge', ctx.get('le'))}"
    if kind == "string_too_long":
        return f"; at most {ctx['max_length']} characters are taken"
    if kind == "string_pattern_mismatch":
        return f", which does not match {ctx['pattern']}: no control characters, and not blank"
    if kind == "string_unicode":
        return ", which holds half a character (a lone surrogate): encode it as UTF-8"
    return f"; it must be {_NOUNS.get(kind, 'a finite number within the range of the field')}"
