"""Tables: what their columns mean, where their numbers come from, and the formats they are written in."""
