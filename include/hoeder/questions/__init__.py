"""Questions and complaints: whether everybody who asked something about privacy was answered in time. Counts alone."""
