"""What can be known: frozen facts, moments, snapshots and the commands that people give. Pure: no I/O, no clock."""
