from workers import gateway, options, store, worker_name

__all__ = ["gateway", "options", "store", "worker_name"]
