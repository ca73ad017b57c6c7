"""Keys of a document type that say what may prove it genuine."""
