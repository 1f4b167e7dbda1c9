"""What may fail, how, and within which time? Events, horizons, failure points, plants to come."""
