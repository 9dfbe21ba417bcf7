"""Proof of senses: small tests with known answers that say what a copy of a model can really do."""
