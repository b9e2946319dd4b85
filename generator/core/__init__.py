"""Pure Python: the standard library only, no clock, no files, no words of its own."""
