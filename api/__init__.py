"""HTTP: the Falcon application, one module per resource."""
