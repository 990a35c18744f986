"""The commands of seed 002, over HTTP (`door`) and over a WebSocket (`socket`).

`table` has them all. `desk` is what they work with, `waiting` lets them wait.
"""
