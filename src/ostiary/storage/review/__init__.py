"""What reviewing people share: the queue they work through, who works on what, and notes that are being written."""
