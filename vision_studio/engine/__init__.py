"""Everything that takes time, on one thread running asyncio."""
