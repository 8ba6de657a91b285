"""What `selfsame talk` is made of: sound files and players, one turn with a session, and how a turn is shown."""
