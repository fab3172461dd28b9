"""Bytes in, facts and renditions out: the only package that knows Pillow."""
