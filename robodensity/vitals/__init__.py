"""How the processes are, as points beside the figures: a board that can only ask the store shows them too."""
