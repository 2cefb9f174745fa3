"""What changed together with a change of dose, and how sure that is. Numbers and message keys; never a sentence, never a reason."""
