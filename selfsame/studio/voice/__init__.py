"""Making a voice: recordings read and judged, consent heard, a voice trained and measured."""
