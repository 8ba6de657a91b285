"""What `selfsame doctor` looks at: the machine, the settings, the models, the page, and the assembled product."""
