"""What is different between two schemas, keyword by keyword; components are compared once per pair that meets."""
