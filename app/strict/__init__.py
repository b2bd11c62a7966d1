"""`Prefer: handling=strict`: what is sent is held against FHIR R4 whole, and refused with every place that breaks it."""
