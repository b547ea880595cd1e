"""Pages: thin routes that parse, call one action or query, and render."""
