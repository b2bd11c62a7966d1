"""Fetching what prefetch left out, from registered FHIR servers only."""
