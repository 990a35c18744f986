"""ACTIONS: the only place where something happens.

Every action is a plain function whose first argument is the `House`. It checks what it was
asked, does it in one transaction, publishes after the commit, and raises `ServiceError` for
what it refuses. No transport is known here.
"""
