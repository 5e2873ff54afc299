"""Learn: labelled reports, training and evaluation."""
