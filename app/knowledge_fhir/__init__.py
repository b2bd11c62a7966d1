"""The knowledge base as FHIR R4, read-only, rendered from the files that judge: for whoever decides with other tools.

Shipped is what licences allow (`knowledge/NOTICES.md`): codes without the displays of their owners, and our own words.
"""
