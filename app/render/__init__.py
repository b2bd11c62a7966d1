"""Advice → cards and FHIR resources, in the reader's language. Nothing is decided here that a rule has not said."""
