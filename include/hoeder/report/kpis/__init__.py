"""The indicators: what each one counts, what is aimed at, and how it is counted again.

An indicator is a function of the governance database, the policy and a time. So the same functions give the figure, the
trend of earlier periods, and the check of a report that somebody hands over.
"""
