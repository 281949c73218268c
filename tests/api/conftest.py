from api_city import admin, client, clock, plan, quiet_admin, quiet_store, reference, serve, store, write

__all__ = [
    "admin",
    "client",
    "clock",
    "plan",
    "quiet_admin",
    "quiet_store",
    "reference",
    "serve",
    "store",
    "write",
]
