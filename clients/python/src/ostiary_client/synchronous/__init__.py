"""The client for asyncio.

Made of `asynchronous` by `make clients`: do not edit.
"""
