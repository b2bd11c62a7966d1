"""What clinicians did with cards: kept, counted, and held against later advice."""
