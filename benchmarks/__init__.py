"""What is measured, beside what floor."""
