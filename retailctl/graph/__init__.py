"""EstateGraph on networkx: build, queries, layout. Answers questions; knows no rules."""
