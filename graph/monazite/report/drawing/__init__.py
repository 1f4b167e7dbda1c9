"""What all pictures share: colours, letters, plotting, PNG, and pages without a script."""
