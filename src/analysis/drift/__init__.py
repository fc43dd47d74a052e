"""What differs between two states of an audit, why, and what was accepted over time."""
