"""The report definition: schema, validation."""
