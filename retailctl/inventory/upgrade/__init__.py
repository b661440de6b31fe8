"""What changes between versions of Odoo, as analyses of OpenUpgrade's form tell it, and what of it is used here.

The analysis files are the user's own copy: none is shipped, and no table is derived from one.
"""
