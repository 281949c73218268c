"""What of the stored figures a reader is told: their own whole, the rest as the public is."""
