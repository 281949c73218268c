from api_city import plan, reference

__all__ = ["plan", "reference"]
