"""What the public may know of a city: which cells of its figures are open, and how finely their numbers are told."""
