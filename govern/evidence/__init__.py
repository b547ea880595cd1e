"""Evidence as bytes: the vault that keeps them, the readers that turn them into findings, safe names and
types.
"""
