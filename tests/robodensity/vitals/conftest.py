from workers import store

__all__ = ["store"]
