"""Breaking the ledger on purpose, one guard at a time, to see that a test notices: `make mutants`."""
