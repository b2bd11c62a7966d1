"""A Bundle → its patients, each with what is ordered and what is known. FHIR in, questions for `app.consult` out."""
