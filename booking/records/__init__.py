"""What is kept of patients, for how long, and how it goes."""
