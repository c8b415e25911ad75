"""PAGES: answers become a terminal table and one HTML file. Nothing is computed here but sums."""
