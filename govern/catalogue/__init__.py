"""The catalogue of controls: read from controls/, checked, frozen."""
