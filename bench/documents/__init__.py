"""How well documents are read: over a folder of pictures with known lines, as they are and degraded, beside others."""
