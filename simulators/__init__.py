"""A simulated Shanghai that knows the wire contract, the public API and the data in seeds/, and nothing else."""
