"""The network as one offline HTML page and as SVG."""
