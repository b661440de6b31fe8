"""Protobuf schemas: ``.proto`` text into a typed tree, what differs between two trees, and whose data it breaks.

The text is read with a tokenizer and a descent of our own (:mod:`.tokens`, :mod:`.parser`), because findings need the
line and the column of every element, the time must be linear, and hostile text must end in a located problem.
"""
