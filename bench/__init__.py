"""Load generators and measurements; each is a program: `python -m bench.raw_load --help`."""
