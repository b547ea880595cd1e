"""The tables, the one way to append to them, and the queries that return facts. Only this room speaks SQL."""
