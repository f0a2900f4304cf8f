"""The public pool: when customers nobody cares for go back to it, who is warned, who may claim how many."""
