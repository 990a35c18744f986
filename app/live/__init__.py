"""DELIVERY: rooms, what each viewer may see, fan-out, and the Socket.IO namespace.

`rooms`, `views` and `publisher` bring out what `services` publishes; `commands` is the
vocabulary that Socket.IO and the raw protocols share, and `sockets` the Socket.IO transport.
"""
