"""What pages and API share at the door: who visits, what each route allows, errors, sessions, headers."""
