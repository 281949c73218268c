from api_city import admin, client, clock, plan, quiet_admin, reference, serve, store, write

__all__ = ["admin", "client", "clock", "plan", "quiet_admin", "reference", "serve", "store", "write"]
