"""The buyer's page: from the posted form to the way back to the shop."""
