"""What contracts say of events besides their schema: owner, kind, keys, retention, replay, dead letters (EVT rules).

Facts only; the graph joins them with the inventory, and the rules of the policy judge.
"""
