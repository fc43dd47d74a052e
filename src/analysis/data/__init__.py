"""Tables with their provenance: catalog, sources, corrections, contracts, vintages."""
