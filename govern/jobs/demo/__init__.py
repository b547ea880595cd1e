"""The demo organisation: its story is read from seed/, turned into dated steps and carried out through actions."""
