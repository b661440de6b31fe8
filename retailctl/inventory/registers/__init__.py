"""Registers of interfaces: tables that people keep, in their own words and languages."""
