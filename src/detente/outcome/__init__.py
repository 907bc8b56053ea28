"""What a collective decision settles on: one module a model."""
