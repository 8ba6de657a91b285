"""Drives the product through its public socket, judges, reports."""
