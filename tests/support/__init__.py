"""What tests of every package share: safe surroundings, guards, and real desktop services."""
