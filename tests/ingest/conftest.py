from workers import store, worker_name

__all__ = ["store", "worker_name"]
