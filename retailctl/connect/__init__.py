"""The network: nobody else opens a socket, and nothing here is reached without a flag that asks for it."""
