"""What a person does in the real window, with the real engine behind it."""
