"""The shape of every input and output, for pages and API alike. No Flask, no SQLAlchemy, no looking things up."""
