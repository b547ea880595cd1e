"""Long work outside the request: it follows the ledger from its last position."""
