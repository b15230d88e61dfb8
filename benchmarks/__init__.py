"""What napgraph promises of speed and memory, measured against what a user would otherwise run."""
