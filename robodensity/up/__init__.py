"""The whole platform on one machine, with no service: `robodensity up`."""
