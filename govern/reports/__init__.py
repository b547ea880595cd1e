"""Exports: functions of a picture (snapshot, posture, coverage), one file per format. No Flask, no database."""
