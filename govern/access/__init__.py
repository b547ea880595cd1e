"""May this actor do this here, and why not. Pure."""
