"""A Discord on 127.0.0.1: SimCord's backend over real HTTP and a real websocket.

Run it with ``python -m tests.wire.loopback``; it prints its port as one line of JSON and ends
when its standard input closes. ``process.LoopbackProcess`` starts it and ``remote.Remote`` drives
it: people, faults, and the record of everything received.
"""
