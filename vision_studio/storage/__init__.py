"""Files and secrets; synchronous; used by the engine thread only."""
