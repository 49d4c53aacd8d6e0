"""Incidents: registered when suspected, judged by an officer, told in time to whom it concerns, closed."""
