"""The demonstration company: invented people in real databases and buckets, with known faults planted among them."""
