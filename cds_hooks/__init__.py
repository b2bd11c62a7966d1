"""The CDS Hooks protocol, as if published on its own: it knows nothing of Wane or of medicine."""
