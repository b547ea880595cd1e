"""What people do: one function a verb. Each authorises, loads, decides and records, in one transaction."""
