"""The rules: a snapshot and a catalogue in; posture and coverage, with their reasons, out. Pure."""
