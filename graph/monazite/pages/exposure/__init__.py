"""What a bill of materials depends on, as one page that stays on the machine."""
