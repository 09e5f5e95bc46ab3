"""What bench/run is made of; each module says what it does. Python 3.9 or newer, its standard library only."""
