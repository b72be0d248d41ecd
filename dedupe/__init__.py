"""Find republished news copy, group the copies into clusters, and name the likely original source."""

__version__ = "0.1.0"
