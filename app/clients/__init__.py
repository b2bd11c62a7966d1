"""Who may call, and what Wane may call on their behalf: JWTs, tokens, key sets, and the one way out."""
