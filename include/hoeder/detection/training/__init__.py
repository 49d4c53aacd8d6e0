"""From written texts to the tagger: templates, random values in many notations, and the training itself.

Everything the model learns from stands in this folder or comes with a pinned package (names and towns: Faker, MIT; Dutch
word forms: simplemma, MIT). The same files and seed give the same model.
"""
