"""What was judged of a Bundle → FHIR R4: the same words as on cards, as resources that machines file."""
