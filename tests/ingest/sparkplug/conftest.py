from workers import options, store, worker_name

__all__ = ["options", "store", "worker_name"]
