"""The pages of a briefing: HTML, PDF, DOCX, PPTX and Markdown, their seal and its verification."""
