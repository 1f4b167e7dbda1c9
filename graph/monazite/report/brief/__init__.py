"""A briefing: what it says, its pages in HTML, PDF, DOCX, PPTX and Markdown, and its seal."""
