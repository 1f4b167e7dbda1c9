"""The network: series, trade, sites, links and the graph they make."""
