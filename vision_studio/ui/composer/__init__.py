"""Where the next request is put together: ordered pictures, a question, and what they will cost."""
