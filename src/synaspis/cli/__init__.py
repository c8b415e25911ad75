"""COMMANDS: thin. They read arguments, call `synaspis.api` and print; nothing is decided here."""
