"""Reports: a conversation as one HTML file, as Markdown with its pictures, or as PDF."""
