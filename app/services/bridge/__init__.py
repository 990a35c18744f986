"""Bridge: tables in a hall of their own, the boards that are dealt to them, what came of these."""
