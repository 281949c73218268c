"""A key as it is asked for."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.caller import Given, checked_grant

MOST = 100  # areas or factories of one key


class KeyBody(BaseModel):
    """A key that is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=100, description="whom it is for, as the audit log tells it")
    role: Given
    areas: list[str] = Field([], max_length=MOST, description="of a role `area`: district:310115, zone:lingang")
    factories: list[str] = Field([], max_length=MOST, description="of a role `factory`: F00042")

    @model_validator(mode="after")
    def _check_grant(self) -> "KeyBody":
        fault = checked_grant(self.role, self.areas, self.factories)
        if fault is not None:
            raise ValueError(fault)
        return self
