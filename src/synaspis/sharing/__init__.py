"""RULES: who may see, for whom rounds are fired, who may order fire. Silence is no; a forbid wins."""
