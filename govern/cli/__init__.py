"""The command line: thin commands that parse, call one action or query, and print."""
