"""Tests of the rules: a contract every game keeps, and each game's own."""
