"""Logs of requests: blocks of lines -> columns -> uses per interface, in bounded memory and at C speed."""
