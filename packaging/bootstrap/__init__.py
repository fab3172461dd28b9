"""The steps dev.py takes before the application can start; standard library only."""
