"""Which endpoint: path templates, observed shapes, entities, declared contracts."""
