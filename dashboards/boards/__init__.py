"""The boards, one module each, and the parts that several of them have."""
