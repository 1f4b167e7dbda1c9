"""What does a briefing say? Its answer, tables, limits and numbered sources, without its pages."""
