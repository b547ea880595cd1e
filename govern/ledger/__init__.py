"""The ledger's mathematics: tree, entries, signed checkpoints, proofs and offline verification. Pure."""
