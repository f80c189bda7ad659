"""Charts as pictures: ECharts lays them out in a small process of its own, resvg makes the PNG."""
