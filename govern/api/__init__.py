"""The door for programs: thin routes that parse, call one action or query, and answer in JSON."""
