"""FHIR JSON in, facts out. Nothing FHIR-shaped gets past this room; one bad field costs that field, and is reported."""
