"""What one caller may cost: size, time, rate, and how much is in hand at once."""
