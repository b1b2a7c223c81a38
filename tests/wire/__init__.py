"""Tests over real sockets, against a loopback Discord in another process."""
