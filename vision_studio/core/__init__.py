"""Facts and rules of the application; standard library only."""
