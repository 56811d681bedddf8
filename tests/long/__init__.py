"""Long checks: named, bounded, started by hand or nightly; plain pytest collects none of them."""
