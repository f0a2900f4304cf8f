"""Sales that may come: opportunities, their stages, forecast and funnel."""
