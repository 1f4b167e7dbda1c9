"""Pages and pictures: each folder draws one kind, and none works anything out."""
